import { pass, type QueueFilter, reject } from '../filter.js';
import { isUrgent } from '../request.js';

/** Multi-core work needs several cores, single-core work needs a place that does not waste them. Spec: Brokerage › step 2. */
export const cpucore: QueueFilter = {
  code: 'cpucore',
  tag: '-cpucore',
  title: 'the core counts of queue and task do not match',
  wakesOn: ['queue.updated'],
  skippedFor: 'single',
  judge: ({ queue, request }) => {
    const { coreCount } = request.task;
    if (queue.isUnified)
      return coreCount > 1 && queue.coreCount <= 1 ? reject({ needs: coreCount, offers: queue.coreCount }) : pass;
    const multi = queue.coreCount > 1;
    const wantsMulti = coreCount > 1 || (coreCount === 0 && isUrgent(request));
    if (wantsMulti ? multi : coreCount === 0 || !multi) return pass;
    return reject({ needs: coreCount, offers: queue.coreCount, unit: 'cores' });
  },
};
