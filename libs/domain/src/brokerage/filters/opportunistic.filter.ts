import { isOpportunistic } from '../../queue/queue.js';
import { pass, type QueueFilter, reject } from '../filter.js';
import { isUrgent } from '../request.js';

/** Urgent work runs where resources are promised. Spec: Brokerage › step 2: priority ≥ 800 or scouts only at the nucleus. */
export const opportunistic: QueueFilter = {
  code: 'opportunistic',
  tag: '-opportunistic',
  title: 'urgent work stays at the nucleus and off opportunistic queues',
  wakesOn: ['task.priorityChanged', 'queue.updated'],
  skippedFor: 'list',
  judge: ({ queue, request, world }) => {
    if (!isUrgent(request)) return pass;
    if (isOpportunistic(queue)) return reject({ pledged: false });
    return world.nucleusQueues.size === 0 || world.nucleusQueues.has(queue.name)
      ? pass
      : reject({ nucleus: request.task.nucleus });
  },
};
