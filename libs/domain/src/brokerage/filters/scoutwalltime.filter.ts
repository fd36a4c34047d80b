import { pass, type QueueFilter, reject } from '../filter.js';
import { hasWalltime } from '../walltime.js';

const DAY_S = 24 * 3600;

/** What has not been measured may take long. Spec: Brokerage › step 2: scouts and merges need maxtime of 24 hours. */
export const scoutwalltime: QueueFilter = {
  code: 'scoutwalltime',
  tag: '-scoutwalltime',
  title: 'scouts and merge jobs need a day',
  wakesOn: ['queue.updated', 'task.sized'],
  judge: ({ queue, request }) => {
    const unmeasured = request.useScout || request.isMerging;
    if (!unmeasured || queue.maxTimeS === 0 || queue.maxTimeS >= DAY_S) return pass;
    return reject({ needs: DAY_S, offers: queue.maxTimeS, unit: 's' });
  },
};

/** The same for tasks that say nothing of their time. */
export const zerowalltime: QueueFilter = {
  code: 'zerowalltime',
  tag: '-zerowalltime',
  title: 'a task of unknown length needs a day',
  wakesOn: ['queue.updated', 'task.sized'],
  judge: ({ queue, request }) => {
    if (hasWalltime(request.task) || queue.maxTimeS === 0 || queue.maxTimeS >= DAY_S) return pass;
    return reject({ needs: DAY_S, offers: queue.maxTimeS, unit: 's' });
  },
};
