import { shareOfLimit } from '../../queue/queue.js';
import { pass, type QueueFilter, reject } from '../filter.js';
import { ramNeed } from '../memory.js';

/** High-memory queues are for those who need them. Spec: Brokerage › step 2. */
export const highmemory: QueueFilter = {
  code: 'highmemory',
  tag: '-highmemory',
  title: 'the queue is reserved for jobs that need more memory',
  wakesOn: ['queue.updated', 'task.sized'],
  skippedFor: 'single',
  judge: ({ queue, request }) => {
    const { ramMb, cores } = ramNeed(request, queue);
    const minimum = shareOfLimit(queue.minRssMb, cores, queue);
    if (minimum === 0 || ramMb === 0 || ramMb >= minimum) return pass;
    return reject({ needs: Math.floor(ramMb / cores), offers: Math.ceil(minimum / cores), unit: 'MB/core', cores });
  },
};
