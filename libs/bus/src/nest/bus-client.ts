import { ClientProxy, type ReadPacket } from '@nestjs/microservices';
import { type Topic, topics } from '@panda/contracts';
import type { Clock, Ids } from '@panda/domain';
import type { Bus } from '../bus.js';
import { SCHEMA_VERSION } from '../wire/envelope-codec.js';

/**
 * Nest's client over the bus: `client.emit(topics.taskReady.name, { ids })`. For what is not written in a transaction of the
 * database, which goes through the outbox instead (`nudge`).
 */
export class BusClient extends ClientProxy {
  constructor(
    private readonly bus: Bus,
    private readonly ids: Ids,
    private readonly clock: Clock,
    private readonly producer: string,
  ) {
    super();
  }

  async connect(): Promise<void> {
    // The bus connects by itself.
  }

  close(): void {
    // The bus is closed by its module.
  }

  unwrap<T>(): T {
    return this.bus as T;
  }

  protected publish(): never {
    throw new TypeError('the bus carries events only: nothing waits for an answer');
  }

  /** Resolves when the transport has the message. */
  protected async dispatchEvent<T>({ pattern, data }: ReadPacket): Promise<T> {
    const topic: Topic | undefined = Object.values(topics).find((known) => known.name === pattern);
    if (!topic) throw new TypeError(`the pattern ${JSON.stringify(pattern)} names no topic`);
    const messageId = this.ids.next();
    const envelope = {
      messageId,
      type: topic.name,
      schemaVersion: SCHEMA_VERSION,
      aggregate: `message:${messageId}`,
      seq: 0,
      occurredAt: this.clock.now().toISOString(),
      producer: this.producer,
      payload: data,
    };
    await this.bus.publish(topic, [envelope]);
    return undefined as T;
  }
}
