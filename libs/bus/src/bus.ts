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
  /** Headers of the transport; of a foreign message, what its producer set. */
  readonly headers: Readonly<Record<string, unknown>>;
}

/**
 * Handles deliveries together. `signal` aborts when the time limit is over. What it throws decides: a transient error is
 * retried later, any other dead-letters the message (of several, those that fail alone).
 */
export type Handler = (deliveries: readonly Delivery[], signal: AbortSignal) => Promise<void>;

export interface ConsumeOptions {
  /** Messages held at once by this consumer. */
  prefetch?: number;
  /** Up to this many deliveries are handed to the handler together when they are already waiting. */
  batch?: number;
  /** Handlers of this consumer that may run at once. */
  concurrency?: number;
}

export interface Consumer {
  /** Stops intake, waits for running handlers, acknowledges what they did, gives back what was not begun. */
  stop(): Promise<void>;
}

/** A message to one queue, past the exchange: a dead letter that is replayed. */
export interface Replay {
  readonly queue: string;
  /** The message, or its bytes when it could not be read. */
  readonly content: { readonly envelope: Envelope } | { readonly raw: Buffer };
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
  /** Takes messages from now on, also across lost connections. Returns at once: it need not be connected yet. */
  consume(topic: Topic, consumer: string, handler: Handler, options?: ConsumeOptions): Consumer;
  /** Puts messages into queues of their own, whoever else is bound to their topic. Resolves like {@link publish}. */
  replay(messages: readonly Replay[]): Promise<void>;
  /** Throws when the transport cannot take messages now. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Injection token of the {@link Bus} of this process. */
export const BUS = Symbol('bus');
