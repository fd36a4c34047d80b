import type { Bus, Consumer, Delivery, Envelope, Handler, Replay } from '@panda/bus';
import type { Topic } from '@panda/contracts';

/** A bus in memory that keeps what is published, and delivers only what the test hands it. */
export class RecordingBus implements Bus {
  readonly driver = 'postgres';
  readonly published: { readonly topic: string; readonly envelope: Envelope }[] = [];
  readonly replayed: Replay[] = [];
  private readonly handlers = new Map<string, Handler>();

  async declare(): Promise<void> {
    // Nothing to declare in memory.
  }

  async publish(topic: Topic, envelopes: readonly Envelope[]): Promise<void> {
    for (const envelope of envelopes) this.published.push({ topic: topic.name, envelope });
  }

  consume(topic: Topic, consumer: string, handler: Handler): Consumer {
    const key = `${consumer} ${topic.name}`;
    this.handlers.set(key, handler);
    return {
      stop: async () => {
        this.handlers.delete(key);
      },
    };
  }

  async replay(messages: readonly Replay[]): Promise<void> {
    this.replayed.push(...messages);
  }

  /** Hands envelopes to the consumer of a topic; its error reaches the test. */
  async deliver(topic: Topic, consumer: string, ...envelopes: readonly Envelope[]): Promise<void> {
    const handler = this.handlers.get(`${consumer} ${topic.name}`);
    if (!handler) throw new RangeError(`'${consumer}' does not consume '${topic.name}'`);
    const deliveries = envelopes.map((envelope): Delivery => ({ envelope, queue: topic.name, attempt: 1, headers: {} }));
    await handler(deliveries, new AbortController().signal);
  }

  async ping(): Promise<void> {
    // Memory answers always.
  }

  async close(): Promise<void> {
    this.handlers.clear();
  }
}
