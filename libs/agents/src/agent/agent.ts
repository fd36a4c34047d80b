import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { failureKind } from '@panda/bus';
import { jittered, type Log } from '@panda/domain';
import { withFacts } from '@panda/runtime';
import { AgentMetrics } from './agent-metrics.js';
import type { AgentRuntime } from './agent-runtime.js';
import { backoffMs } from './backoff.js';
import type { CycleReport } from './cycle-report.js';
import { SWEEP, type Wake, WakeQueue } from './wake-queue.js';

export interface AgentSettings {
  /** Period of the sweep that finds what a lost message left behind. */
  readonly sweepMs: number;
  /** Cycles that may run at once. */
  readonly concurrency: number;
  /** Most ids handed to one cycle. */
  readonly batch: number;
  /** A stop waits this long for running cycles. */
  readonly drainMs: number;
}

/** What another agent holds is looked at again after this. */
const HELD_RETRY_MS = 200;

/**
 * The loop around `cycle` (claim → look → decide → write). A nudge runs it at once, a report that says there is more runs
 * it again, and a slow sweep with jitter runs it anyway: no agent sleeps through work that is ready, and no lost message
 * leaves work behind. Tests call {@link runOnce}; the loop itself is started by the application.
 */
export abstract class Agent implements OnApplicationBootstrap, OnModuleDestroy {
  protected readonly log: Log;
  private readonly queue = new WakeQueue();
  private readonly metrics: AgentMetrics;
  private readonly stopper = new AbortController();
  private lanes: Promise<unknown> | undefined;
  private failures = 0;
  /** Ids that {@link wakeLater} keeps: each once, however often it is announced meanwhile. */
  private readonly held = new Set<number>();

  constructor(
    /** Name in claims, logs and metrics: `jedi-task-refiner`. */
    readonly name: string,
    protected readonly runtime: AgentRuntime,
    protected readonly settings: AgentSettings,
  ) {
    this.log = runtime.log.with({ agent: name });
    this.metrics = new AgentMetrics(runtime.metrics, name);
  }

  /** One round over the announced ids, or over everything when `wake.sweep`. */
  protected abstract cycle(wake: Wake): Promise<CycleReport>;

  /** Announces ids; the agent looks at them as soon as it can. */
  wake(ids: readonly number[]): void {
    if (!this.stopping) this.queue.add({ ids, sweep: false });
  }

  /**
   * Announces ids once more in a moment: another agent holds them now, and what the nudge told of may have come after its look. A stop
   * forgets it; the sweep finds them too.
   */
  protected wakeLater(ids: readonly number[]): void {
    const fresh = ids.filter((id) => !this.held.has(id));
    if (fresh.length === 0) return;
    for (const id of fresh) this.held.add(id);
    void this.runtime.clock.sleep(HELD_RETRY_MS, this.stopper.signal).then(() => {
      for (const id of fresh) this.held.delete(id);
      this.wake(fresh);
    });
  }

  /** One cycle, as the loop would run it; errors reach the caller. */
  async runOnce(wake: Wake = SWEEP): Promise<CycleReport> {
    const { clock, ids } = this.runtime;
    const from = clock.elapsedMs();
    const report = await withFacts({ agent: this.name, cycle: ids.next() }, () => this.cycle(wake));
    this.metrics.cycle(report, clock.elapsedMs() - from);
    if (wake.sweep && !report.more) this.metrics.sweep(clock.now());
    return report;
  }

  /** Cycles until a report says there is no more: what a woken loop does. Returns the reports. */
  async runUntilIdle(wake: Wake = SWEEP): Promise<CycleReport[]> {
    const reports: CycleReport[] = [];
    do reports.push(await this.runOnce(wake));
    while (reports.at(-1)?.more && !this.stopping);
    return reports;
  }

  /** A new claim, `<agent>:<uuid>`: the uuid is the fencing token that each later write repeats. `lockedby` holds 56 characters. */
  protected newClaim(): string {
    return `${this.name.replace(/^jedi-/, '')}:${this.runtime.ids.next()}`;
  }

  /** True when the service stops: a long cycle ends at its next safe point. */
  protected get stopping(): boolean {
    return this.stopper.signal.aborted;
  }

  /** Starts the loop with a sweep. */
  start(): void {
    if (this.lanes) return;
    this.queue.add(SWEEP);
    const lanes = Array.from({ length: this.settings.concurrency }, () => this.lane());
    this.lanes = Promise.all([...lanes, this.sweeper()]);
  }

  /** Ends the loop: running cycles finish (within the drain limit), waiting ids are left to the next sweep. */
  async stop(): Promise<void> {
    this.stopper.abort();
    const late = new AbortController();
    await Promise.race([this.lanes, this.runtime.clock.sleep(this.settings.drainMs, late.signal)]);
    late.abort();
  }

  onApplicationBootstrap(): void {
    this.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.stop();
  }

  private async sweeper(): Promise<void> {
    const { clock, random } = this.runtime;
    while (!this.stopping) {
      await clock.sleep(jittered(random, this.settings.sweepMs), this.stopper.signal);
      if (!this.stopping) this.queue.add(SWEEP);
    }
  }

  private async lane(): Promise<void> {
    while (!this.stopping) {
      const wake = this.queue.take(this.settings.batch);
      if (wake) await this.attempt(wake);
      else await this.queue.filled(this.stopper.signal);
    }
  }

  /** Runs a wake to its end. After a failure it pauses; what failed for a reason that passes is put back. */
  private async attempt(wake: Wake): Promise<void> {
    const { clock, random } = this.runtime;
    const from = clock.elapsedMs();
    try {
      await this.runUntilIdle(wake);
      this.failures = 0;
    } catch (error) {
      const kind = failureKind(error);
      this.failures += 1;
      this.metrics.failure(kind, clock.elapsedMs() - from);
      const facts = {
        error,
        kind,
        ids: wake.ids.slice(0, 10),
        idCount: wake.ids.length,
        sweep: wake.sweep,
        inRow: this.failures,
      };
      if (kind === 'transient') this.log.warn('a cycle failed and is repeated', facts);
      else this.log.error('a cycle failed', facts);
      await clock.sleep(jittered(random, backoffMs(this.failures)), this.stopper.signal);
      if (kind === 'transient') this.queue.add(wake);
    }
  }
}
