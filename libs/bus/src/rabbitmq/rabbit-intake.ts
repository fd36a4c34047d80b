import { jittered } from '@panda/domain';
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import type { BusRuntime } from '../bus-runtime.js';
import type { DelayQueue } from '../topology.js';
import { HEADER } from '../wire/message.js';
import type { Arrival, Intake, Reason } from '../wire/transport.js';
import type { RabbitConnection } from './connection.js';
import type { RabbitPublisher } from './publisher.js';
import { again, fromRabbit } from './rabbit-message.js';

/** One open channel with a consumer on it. */
interface Session {
  readonly channel: Channel;
  readonly consumerTag: string;
  open: boolean;
}

export interface RabbitArrival extends Arrival {
  readonly native: ConsumeMessage;
  readonly session: Session;
}

export interface IntakeSettings {
  readonly queue: string;
  readonly prefetch: number;
  readonly deadExchange: string;
  /** Aborted once the queue is known to be there. */
  readonly declared: AbortSignal;
}

/** Pause before a new channel when the broker closed the last one. */
const REOPEN_MS = 1_000;
/** Pause before a message is offered again to the delay queues or the dead letters. */
const FORWARD_RETRY_MS = 500;

/** Consumes one queue on a channel of its own, and opens a new channel whenever that one ends. */
export class RabbitIntake implements Intake<RabbitArrival> {
  private readonly stopper = new AbortController();
  private readonly ending = new AbortController();
  private session: Session | undefined;
  private readonly loop: Promise<void>;

  constructor(
    private readonly connection: RabbitConnection,
    private readonly publisher: RabbitPublisher,
    private readonly settings: IntakeSettings,
    private readonly runtime: BusRuntime,
    private readonly arrived: (arrival: RabbitArrival) => void,
  ) {
    this.loop = this.run();
  }

  async ack(arrivals: readonly RabbitArrival[]): Promise<void> {
    for (const { session, native } of arrivals) if (session.open) session.channel.ack(native);
  }

  async release(arrivals: readonly RabbitArrival[]): Promise<void> {
    for (const { session, native } of arrivals) if (session.open) session.channel.nack(native, false, true);
  }

  async retry(arrival: RabbitArrival, delay: DelayQueue, headers: Readonly<Record<string, unknown>>): Promise<void> {
    await this.forward(arrival, delay.exchange, headers);
  }

  async bury(arrival: RabbitArrival, reason: Reason): Promise<void> {
    await this.forward(arrival, this.settings.deadExchange, {
      ...arrival.message.properties.headers,
      [HEADER.reasonCode]: reason.code,
      [HEADER.reasonText]: reason.text,
      [HEADER.firstFailedAt]: reason.firstFailedAt,
      [HEADER.lastFailedAt]: reason.lastFailedAt,
      [HEADER.failures]: reason.attempts,
    });
  }

  async pause(): Promise<void> {
    this.stopper.abort();
    const { session } = this;
    if (session?.open) await session.channel.cancel(session.consumerTag).catch(() => undefined); // or the channel just ended
  }

  async end(): Promise<void> {
    this.stopper.abort();
    this.ending.abort();
    if (this.session?.open) await this.session.channel.close().catch(() => undefined); // or the channel just ended
    await this.loop;
  }

  /**
   * The copy is confirmed before the original is acknowledged: a crash between makes two, never none. While the broker takes
   * no copy the original stays in hand: given back, it would return at once and use up its delivery limit.
   */
  private async forward(
    { native, session }: RabbitArrival,
    exchange: string,
    headers: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const { clock, random, ids } = this.runtime;
    const options = again(native, String(native.properties.messageId ?? ids.next()), headers);
    const copy = { exchange, routingKey: this.settings.queue, content: native.content, options };
    while (session.open) {
      try {
        await this.publisher.publish([copy]);
        if (session.open) session.channel.ack(native);
        return;
      } catch (error) {
        if (this.ending.signal.aborted) throw error; // the channel closes, and the original is delivered again
        await clock.sleep(jittered(random, FORWARD_RETRY_MS), this.ending.signal);
      }
    }
  }

  private async run(): Promise<void> {
    const { clock, random, log } = this.runtime;
    await firstOf(this.settings.declared, this.stopper.signal);
    while (!this.stopper.signal.aborted) {
      const connection = await this.connection.ready(this.stopper.signal);
      if (!connection) return;
      try {
        await this.consume(connection);
      } catch (error) {
        log.warn('a queue cannot be consumed, it is tried again', { queue: this.settings.queue, error });
      }
      await clock.sleep(jittered(random, REOPEN_MS), this.stopper.signal);
    }
  }

  /** Resolves when the channel, its connection or its consumer has ended. */
  private async consume(connection: ChannelModel): Promise<void> {
    const channel = await connection.createChannel();
    channel.on('error', () => undefined); // 'close' follows
    const session: Session = { channel, consumerTag: this.runtime.ids.next(), open: true };
    const ended = new Promise<void>((resolve) => {
      channel.once('close', () => {
        session.open = false;
        resolve();
      });
    });
    await channel.prefetch(this.settings.prefetch);
    this.session = session;
    const deliver = (native: ConsumeMessage | null): void => {
      // null: the broker cancelled the consumer (the queue was deleted, or its node left).
      if (native) this.arrived({ native, session, message: fromRabbit(native), redeliveries: redeliveriesOf(native) });
      else void channel.close().catch(() => undefined); // or it is closing already
    };
    await channel.consume(this.settings.queue, deliver, { consumerTag: session.consumerTag });
    await ended;
  }
}

function redeliveriesOf({ properties, fields }: ConsumeMessage): number {
  const count = Number(properties.headers?.['x-delivery-count'] ?? 0);
  return Math.max(count, fields.redelivered ? 1 : 0);
}

function firstOf(...signals: AbortSignal[]): Promise<void> {
  const any = AbortSignal.any(signals);
  if (any.aborted) return Promise.resolve();
  return new Promise((resolve) => any.addEventListener('abort', () => resolve(), { once: true }));
}
