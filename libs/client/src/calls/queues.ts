import { type ListQueuesQuery, type QueueReply, queueRoutes } from '@panda/contracts';
import type { Connection } from '../connection.js';
import { dataOf } from '../envelope.js';
import { asFields, asList } from './shape.js';

/** PanDA queues. */
export class QueueCalls {
  constructor(private readonly connection: Connection) {}

  async list(query: ListQueuesQuery = {}): Promise<QueueReply[]> {
    const { path } = queueRoutes.list;
    const queues = asList(dataOf(await this.connection.get(path, { ...query }), path), path);
    return queues.map((queue) => asFields(queue, path) as unknown as QueueReply);
  }
}
