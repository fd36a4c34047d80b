import type { Topic } from '@panda/contracts';

/** The envelope every message carries; `messageId` is the outbox id, so a repeat is recognised by the inbox. */
export interface Envelope {
  readonly messageId: string;
  readonly type: string;
  readonly schemaVersion: string;
  /** `task:123`, `job:456`, or the external producer's name. */
  readonly aggregate: string;
  readonly seq: number;
  readonly occurredAt: string;
  readonly producer: string;
  readonly traceId?: string;
  readonly causationId?: string;
  readonly payload: unknown;
}

export interface Delivery {
  readonly envelope: Envelope;
  readonly queue: string;
  /** 1 for the first try. */
  readonly attempt: number;
}

export type Handler = (deliveries: readonly Delivery[]) => Promise<void>;

export interface ConsumeOptions {
  /** Messages held at once by this consumer. */
  prefetch?: number;
  /** Up to this many deliveries are handed to the handler together when they are already waiting. */
  batch?: number;
}

export interface Consumer {
  /** Stops intake, waits for running handlers, acknowledges what they did. */
  stop(): Promise<void>;
}

/**
 * At-least-once transport between services. Two drivers: RabbitMQ, and PostgreSQL for one machine; nothing above this
 * library knows which. A handler that throws a transient error is retried later; any other error dead-letters the message.
 */
export interface Bus {
  readonly driver: 'rabbitmq' | 'postgres';
  /** Declares (or checks) queues, dead letters and delay queues of the topology. */
  declare(): Promise<void>;
  /** Resolves when the transport has taken responsibility for all messages (publisher confirm or commit). */
  publish(topic: Topic, envelopes: readonly Envelope[]): Promise<void>;
  consume(topic: Topic, consumer: string, handler: Handler, options?: ConsumeOptions): Promise<Consumer>;
  /** Throws when the transport cannot take messages now. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
