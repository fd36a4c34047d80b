import { pass, type QueueFilter, reject } from '../filter.js';

const TEST_LABEL = 'test';

/** Spec: Brokerage › step 2 (no pilots for the last 3 hours). Promised slots count as life. */
export const nopilot: QueueFilter = {
  code: 'nopilot',
  tag: '-nopilot',
  title: 'no pilot of the queue was seen for three hours',
  wakesOn: ['queue.load'],
  skippedFor: 'list',
  isTemporary: true,
  judge: ({ load, request: { task } }) =>
    load.pilotCalls > 0 || task.prodSourceLabel === TEST_LABEL || load.slots !== null ? pass : reject(),
};
