import { pass, type QueueFilter, reject } from '../filter.js';
import { walltimeNeed } from '../walltime.js';

/** Queues for long jobs do not take short ones. */
export const longwalltime: QueueFilter = {
  code: 'longwalltime',
  tag: '-longwalltime',
  title: 'the queue takes only longer jobs',
  wakesOn: ['queue.updated', 'task.sized'],
  judge: ({ queue, request }) => {
    const need = walltimeNeed(request, queue);
    if (queue.minTimeS === 0 || need === undefined || need >= queue.minTimeS) return pass;
    return reject({ needs: Math.floor(need), offers: queue.minTimeS, unit: 's' });
  },
};
