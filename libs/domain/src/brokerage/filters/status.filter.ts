import { queueStatus } from '../../queue/queue.js';
import { pass, type QueueFilter, reject } from '../filter.js';

/** Spec: Brokerage › step 2. */
export const status: QueueFilter = {
  code: 'status',
  tag: '-status',
  title: 'the queue is not online',
  wakesOn: ['queue.updated'],
  skippedFor: 'list',
  judge: ({ queue }) =>
    queue.status === queueStatus.online || queue.status === queueStatus.standby ? pass : reject({ status: queue.status }),
};
