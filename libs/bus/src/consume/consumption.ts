import type { ConsumeOptions, Consumer, Delivery, Handler } from '../bus.js';
import type { BusRuntime } from '../bus-runtime.js';
import { failureKind, HandlerTimeout, reasonCode, reasonText } from '../failure.js';
import type { Topology, WorkQueue } from '../topology.js';
import { underTrace } from '../tracing.js';
import { decodeEnvelope } from '../wire/envelope-codec.js';
import { HEADER } from '../wire/message.js';
import type { Arrival, Intake, Transport } from '../wire/transport.js';
import { ConsumeMetrics } from './consume-metrics.js';
import { inProcessPauseMs, type RetryRule, verdictAfter } from './retry-rule.js';

export interface ConsumeRules {
  readonly retry: RetryRule;
  /** A handler that takes longer is given up and its messages are retried. */
  readonly handlerLimitMs: number;
  /** A stop waits this long for running handlers. */
  readonly drainMs: number;
}

const PREFETCH = 20;

/** A message handed over this often without being settled may kill its consumer: it is handled alone. */
const SUSPECT_REDELIVERIES = 3;

/** An arrival that could be read. */
interface Readable<A> {
  readonly arrival: A;
  readonly delivery: Delivery;
}

/**
 * The rules of consuming, the same on every transport: batches, tries at once, the retry ladder, dead letters, time limit,
 * drain. A message is settled only after its handler ended; what is not settled is delivered again.
 */
export class Consumption<A extends Arrival> implements Consumer {
  private readonly log;
  private readonly metrics: ConsumeMetrics;
  private readonly intake: Intake<A>;
  private waiting: A[] = [];
  private readonly running = new Set<Promise<void>>();
  private scheduled = false;
  private readonly stopper = new AbortController();
  /** Handlers that outlast the drain limit are told so, and their messages are left to be delivered again. */
  private readonly abandoned = new AbortController();

  constructor(
    transport: Transport<A>,
    private readonly topology: Topology,
    private readonly queue: WorkQueue,
    private readonly handler: Handler,
    private readonly options: ConsumeOptions,
    private readonly rules: ConsumeRules,
    private readonly runtime: BusRuntime,
  ) {
    this.log = runtime.log.with({ queue: queue.name });
    this.metrics = new ConsumeMetrics(runtime.metrics, queue.name);
    const { batch = 1, concurrency = 1 } = options;
    const prefetch = Math.max(options.prefetch ?? PREFETCH, batch * concurrency);
    this.intake = transport.intake(queue, prefetch, (arrival) => this.arrived(arrival));
  }

  async stop(): Promise<void> {
    this.stopper.abort();
    await this.intake.pause();
    const unbegun = this.waiting;
    this.waiting = [];
    await this.settle('released', unbegun, () => this.intake.release(unbegun));
    const late = new AbortController();
    await Promise.race([Promise.all(this.running), this.runtime.clock.sleep(this.rules.drainMs, late.signal)]);
    late.abort();
    this.abandoned.abort();
    await this.intake.end();
  }

  private arrived(arrival: A): void {
    if (arrival.redeliveries > 0) this.metrics.arrivedAgain();
    this.waiting.push(arrival);
    if (this.scheduled) return;
    this.scheduled = true;
    // After this turn of the event loop: what arrived in one read of the socket is handled together.
    setImmediate(() => {
      this.scheduled = false;
      this.pump();
    });
  }

  private pump(): void {
    while (!this.stopper.signal.aborted && this.waiting.length > 0 && this.running.size < (this.options.concurrency ?? 1)) {
      const work = this.process(this.nextBatch()).finally(() => {
        this.running.delete(work);
        this.pump();
      });
      this.running.add(work);
    }
  }

  private nextBatch(): A[] {
    const suspect = this.waiting.findIndex((arrival) => arrival.redeliveries >= SUSPECT_REDELIVERIES);
    const most = suspect === -1 ? (this.options.batch ?? 1) : Math.max(1, suspect);
    return this.waiting.splice(0, Math.min(most, this.options.batch ?? 1));
  }

  private async process(arrivals: readonly A[]): Promise<void> {
    const readable: Readable<A>[] = [];
    for (const arrival of arrivals) {
      try {
        readable.push({ arrival, delivery: this.deliveryOf(arrival) });
      } catch (error) {
        await this.failed(arrival, 1, error);
      }
    }
    if (readable.length > 0) await this.handleTogether(readable);
  }

  /** One failure in a batch must not cost the others a try: each is then handled alone. */
  private async handleTogether(batch: readonly Readable<A>[]): Promise<void> {
    try {
      await this.handle(batch.map(({ delivery }) => delivery));
      const arrivals = batch.map(({ arrival }) => arrival);
      await this.settle('done', arrivals, () => this.intake.ack(arrivals));
    } catch (error) {
      const [only] = batch;
      if (only && batch.length === 1) await this.failed(only.arrival, only.delivery.attempt, error);
      else for (const one of batch) await this.handleTogether([one]);
    }
  }

  /** Runs the handler; a failure that may pass at once is tried again here before the ladder. */
  private async handle(deliveries: readonly Delivery[]): Promise<void> {
    const { clock, random } = this.runtime;
    for (let tries = 1; ; tries++) {
      try {
        const from = clock.elapsedMs();
        await this.limited(deliveries);
        this.metrics.handled(clock.elapsedMs() - from);
        return;
      } catch (error) {
        const again = failureKind(error) === 'transient' && !(error instanceof HandlerTimeout);
        // A batch is taken apart after its first failure: its members have their tries alone.
        const last = tries >= this.rules.retry.inProcessTries || deliveries.length > 1 || this.stopper.signal.aborted;
        if (!again || last) throw error;
        await clock.sleep(random.next() * inProcessPauseMs(tries), this.stopper.signal);
      }
    }
  }

  private async limited(deliveries: readonly Delivery[]): Promise<void> {
    const { handlerLimitMs } = this.rules;
    const [overdue, done] = [new AbortController(), new AbortController()];
    const late = async (): Promise<never> => {
      await this.runtime.clock.sleep(handlerLimitMs, AbortSignal.any([done.signal, this.abandoned.signal]));
      overdue.abort();
      if (!done.signal.aborted && !this.abandoned.signal.aborted) throw new HandlerTimeout(handlerLimitMs);
      return new Promise(() => undefined); // the race is over, or nobody waits for it any more
    };
    const headers = deliveries.length === 1 ? (deliveries[0]?.headers ?? {}) : {};
    try {
      await Promise.race([underTrace(headers, this.queue.name, () => this.handler(deliveries, overdue.signal)), late()]);
    } finally {
      done.abort();
    }
  }

  private deliveryOf(arrival: A): Delivery {
    const { headers } = arrival.message.properties;
    const envelope = decodeEnvelope(arrival.message, this.queue.topic, () => this.runtime.ids.next());
    return { envelope, queue: this.queue.name, attempt: failuresOf(headers) + 1, headers };
  }

  private async failed(arrival: A, attempt: number, error: unknown): Promise<void> {
    const kind = failureKind(error);
    const verdict = verdictAfter(this.rules.retry, attempt, kind);
    const now = this.runtime.clock.now().toISOString();
    const { headers, messageId } = arrival.message.properties;
    const firstFailedAt = String(headers[HEADER.firstFailedAt] ?? now);
    const facts = { messageId, attempt, kind, error };
    if (verdict.what === 'retry') {
      const delay = this.topology.delays[verdict.rung];
      if (!delay) throw new RangeError(`the topology has no rung ${verdict.rung}`);
      this.log.warn('a message failed and is retried', { ...facts, delayMs: delay.delayMs });
      const stamped = {
        ...headers,
        [HEADER.failures]: attempt,
        [HEADER.firstFailedAt]: firstFailedAt,
        [HEADER.lastFailedAt]: now,
      };
      await this.settle('retried', [arrival], () => this.intake.retry(arrival, delay, stamped));
      return;
    }
    const code = verdict.exhausted ? 'exhausted' : reasonCode(error);
    this.log.error('a message is put aside', { ...facts, reason: code });
    this.metrics.buried(code);
    const reason = { code, text: reasonText(error), firstFailedAt, lastFailedAt: now, attempts: attempt };
    await this.settle('dead', [arrival], () => this.intake.bury(arrival, reason));
  }

  /** A settlement that fails leaves the message with the transport, which delivers it again. */
  private async settle(
    outcome: 'done' | 'retried' | 'dead' | 'released',
    arrivals: readonly A[],
    act: () => Promise<void>,
  ): Promise<void> {
    if (arrivals.length === 0) return;
    try {
      await act();
      if (outcome !== 'dead') this.metrics.settled(outcome, arrivals.length);
    } catch (error) {
      this.log.warn('messages could not be settled and will be delivered again', { outcome, count: arrivals.length, error });
    }
  }
}

function failuresOf(headers: Readonly<Record<string, unknown>>): number {
  const count = Number(headers[HEADER.failures] ?? 0);
  return Number.isInteger(count) && count > 0 ? count : 0;
}
