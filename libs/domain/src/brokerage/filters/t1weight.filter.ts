import { pass, type QueueFilter, reject } from '../filter.js';

/** Spec: Brokerage › step 2: t1Weight = −1 keeps normal jobs at the nucleus. */
export const t1weight: QueueFilter = {
  code: 't1weight',
  tag: '-t1weight',
  title: 'the task runs only at its nucleus',
  wakesOn: [],
  judge: ({ queue, request, world }) => {
    const weight = request.task.splitRule.get('t1Weight') ?? 0;
    return weight >= 0 || request.isMerging || world.nucleusQueues.has(queue.name)
      ? pass
      : reject({ nucleus: request.task.nucleus });
  },
};
