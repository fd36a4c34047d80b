import { BaseRpcContext } from '@nestjs/microservices';
import type { Delivery } from '../bus.js';

/** Second argument of a consumer. */
export class BusContext extends BaseRpcContext<[readonly Delivery[], AbortSignal]> {
  get deliveries(): readonly Delivery[] {
    return this.args[0];
  }

  /** Aborts when the handler has exceeded its time. */
  get overdue(): AbortSignal {
    return this.args[1];
  }
}
