import { pass, type QueueFilter, reject } from '../filter.js';
import { softwareAvailable } from '../software/software-check.js';

/** Spec: Brokerage › step 2 (release/cache) and › Release/cache Availability Check for releases=AUTO. */
export const cache: QueueFilter = {
  code: 'cache',
  tag: '-cache',
  title: 'the software or hardware the task needs is not published by the queue',
  wakesOn: ['software.published', 'queue.updated'],
  judge: ({ queue, request: { task }, world }) => {
    const lacking = softwareAvailable(task, queue, world.software);
    return lacking === undefined ? pass : reject({ lacking });
  },
};
