import { shareOfLimit } from '../../queue/queue.js';
import { pass, type QueueFilter, reject } from '../filter.js';
import { ramNeed } from '../memory.js';

/** Spec: Brokerage › step 2: (baseRamCount + ramCount × coreCount) × compensation within the queue's range. */
export const lowmemory: QueueFilter = {
  code: 'lowmemory',
  tag: '-lowmemory',
  title: 'the queue gives less memory than the job needs',
  wakesOn: ['queue.updated', 'task.sized'],
  skippedFor: 'single',
  judge: ({ queue, request }) => {
    const { ramMb, cores } = ramNeed(request, queue);
    const limit = shareOfLimit(queue.maxRssMb, cores, queue);
    if (limit === 0 || ramMb === 0 || ramMb <= limit) return pass;
    return reject({ needs: Math.ceil(ramMb / cores), offers: Math.floor(limit / cores), unit: 'MB/core', cores });
  },
};
