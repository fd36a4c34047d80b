import { pass, type QueueFilter, reject } from '../filter.js';

const BLOCKED = -1;

/** Spec: Brokerage › step 2: the link between queue and nucleus is blocked. */
export const linkUnusable: QueueFilter = {
  code: 'link_unusable',
  tag: '-link_unusable',
  title: 'the link between the queue and the nucleus is blocked',
  wakesOn: ['network.updated'],
  skippedFor: 'list',
  judge: ({ queue, request, world }) =>
    !world.nucleusQueues.has(queue.name) && world.links.get(queue.name)?.closeness === BLOCKED
      ? reject({ nucleus: request.task.nucleus })
      : pass,
};

/** Spec: Brokerage › step 2: NQUEUED_NUC_CAP_FOR_JOBS and NQUEUED_SAT_CAP. */
export const linksFull: QueueFilter = {
  code: 'links_full',
  tag: '-links_full',
  title: 'too many files wait to be moved to the nucleus',
  wakesOn: ['network.updated', 'config.changed'],
  skippedFor: 'list',
  isTemporary: true,
  judge: ({ queue, request, world }) => {
    if (request.task.nucleus === null || world.nucleusQueues.has(queue.name)) return pass;
    const { nQueuedNucCapForJobs, nQueuedSatCap } = world.options;
    if (world.nucleusBacklog > nQueuedNucCapForJobs) {
      return reject({ needs: world.nucleusBacklog, offers: nQueuedNucCapForJobs, unit: 'files to the nucleus' });
    }
    const queued = world.links.get(queue.name)?.queuedFiles ?? 0;
    return queued <= nQueuedSatCap ? pass : reject({ needs: queued, offers: nQueuedSatCap, unit: 'files on the link' });
  },
};
