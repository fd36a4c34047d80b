import { policyShare, processGroup, TEST_GROUP } from '../../queue/fairshare-policy.js';
import { pass, type QueueFilter, reject } from '../filter.js';

/** Spec: Brokerage › step 2 (Zero Share). */
export const zeroshare: QueueFilter = {
  code: 'zeroshare',
  tag: '-zeroshare',
  title: 'the queue’s fairsharePolicy leaves nothing for this kind of task',
  wakesOn: ['queue.updated', 'task.priorityChanged'],
  judge: ({ queue, request: { task, isMerging } }) => {
    const subject = { ...task, priority: task.currentPriority };
    if (processGroup(task.processingType) === TEST_GROUP || policyShare(queue.fairshare, subject, isMerging) > 0) return pass;
    return reject({ policy: queue.fairshareText, processingType: task.processingType });
  },
};
