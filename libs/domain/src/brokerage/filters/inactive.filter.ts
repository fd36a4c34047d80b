import { pass, type QueueFilter, reject } from '../filter.js';
import { isUrgent } from '../request.js';

const IDLE_HOURS = 2;

/** Spec: Brokerage › step 2: urgent, merge and pre-merged jobs skip queues where nothing started for two hours. */
export const inactive: QueueFilter = {
  code: 'inactive',
  tag: '-inactive',
  title: 'jobs wait at the queue and none has started for two hours',
  wakesOn: ['queue.load'],
  skippedFor: 'list',
  isTemporary: true,
  judge: ({ load, request }) => {
    const inHurry = isUrgent(request) || request.isMerging || request.task.splitRule.get('mergeOutput');
    if (!inHurry || load.idleHours === null || load.idleHours <= IDLE_HOURS) return pass;
    return reject({ needs: IDLE_HOURS, offers: load.idleHours, unit: 'h' });
  },
};
