import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Bus, Consumer, Delivery } from '../bus.js';
import { BusContext } from './bus-context.js';
import { bindingOf } from './consumes.js';

/** Binds Nest's event handlers to the queues of the bus: one consumer for each handler. */
export class BusServer extends Server implements CustomTransportStrategy {
  /** A failed handler must reach the bus, which retries or dead-letters its messages. */
  override readonly propagatesEventHandlerErrors = true;
  private consumers: Consumer[] = [];

  constructor(private readonly bus: Bus) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    try {
      for (const [pattern, handler] of this.messageHandlers) {
        const { topic, consumer, options } = bindingOf(pattern, handler.extras);
        const deliver = async (deliveries: readonly Delivery[], overdue: AbortSignal): Promise<void> => {
          const result: unknown = await handler(deliveries, new BusContext([deliveries, overdue]));
          // A failed handler is an observable that fails when it is subscribed to.
          if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
        };
        this.consumers.push(this.bus.consume(topic, consumer, deliver, options));
      }
      callback();
    } catch (error) {
      callback(error);
    }
  }

  async close(): Promise<void> {
    const consumers = this.consumers;
    this.consumers = [];
    await Promise.all(consumers.map((consumer) => consumer.stop()));
  }

  on(event: string): never {
    throw new TypeError(`the bus has no event '${event}'`);
  }

  unwrap<T>(): T {
    return this.bus as T;
  }
}
