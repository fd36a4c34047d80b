import { pass, type QueueFilter, reject } from '../filter.js';
import { walltimeNeed } from '../walltime.js';

/** Spec: Brokerage › step 2: cpuTime × nEvents / (C × P × cpuEfficiency) + baseTime below the queue's maxtime. */
export const shortwalltime: QueueFilter = {
  code: 'shortwalltime',
  tag: '-shortwalltime',
  title: 'the queue’s time limit is shorter than the smallest job',
  wakesOn: ['queue.updated', 'task.sized'],
  judge: ({ queue, request }) => {
    const need = walltimeNeed(request, queue);
    if (queue.maxTimeS === 0 || need === undefined || need <= queue.maxTimeS) return pass;
    return reject({ needs: Math.ceil(need), offers: queue.maxTimeS, unit: 's' });
  },
};
