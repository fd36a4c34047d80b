import { splitRuleValues } from '../../split-rule/index.js';
import { usesDirectIo } from '../../splitting/split-limits.js';
import { pass, type QueueFilter, reject } from '../filter.js';

/** Spec: Brokerage › step 2 (direct access only). */
export const remoteio: QueueFilter = {
  code: 'remoteio',
  tag: '-remoteio',
  title: 'the task reads input only directly and the queue cannot',
  wakesOn: ['queue.updated'],
  judge: ({ queue, request: { task, isMerging } }) => {
    const only = task.splitRule.get('allowInputLAN') === splitRuleValues.allowInputLAN.only;
    return !only || isMerging || usesDirectIo(task, queue, false) ? pass : reject();
  },
};
