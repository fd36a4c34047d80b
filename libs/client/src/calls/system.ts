import type { Connection } from '../connection.js';
import { dataOf } from '../envelope.js';
import { asFields, type Fields } from './shape.js';

export interface ServerHealth {
  readonly alive: boolean;
  /** Round trip in ms. */
  readonly latencyMs: number;
}

/** Module `system` of API v1. */
export class SystemCalls {
  constructor(private readonly connection: Connection) {}

  /** Throws when the server cannot be reached; `alive` is its own word. */
  async health(): Promise<ServerHealth> {
    const started = performance.now();
    const { success } = await this.connection.get('system/is_alive');
    return { alive: success, latencyMs: Math.round(performance.now() - started) };
  }

  /** What the server saw of this request: parameters and environment, the credential among it. */
  async attributes(): Promise<Fields> {
    return asFields(dataOf(await this.connection.get('system/get_attributes'), 'system/get_attributes'), 'system/get_attributes');
  }
}
