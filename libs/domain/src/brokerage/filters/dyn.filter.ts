import { simulatedEvents } from '../../queue/queue.js';
import { hasDynamicEvents } from '../../splitting/split-limits.js';
import { pass, type QueueFilter, reject } from '../filter.js';

/** Spec: Brokerage › step 2 (dynamic number of events). */
export const dyn: QueueFilter = {
  code: 'dyn',
  tag: '-dyn',
  title: 'the queue simulates fewer events per job than the task’s smallest piece',
  wakesOn: ['queue.updated'],
  skippedFor: 'single',
  judge: ({ queue, request: { task } }) => {
    if (!hasDynamicEvents(task)) return pass;
    const needs = task.splitRule.get('dynamicNumEvents') ?? 0;
    const offers = simulatedEvents(queue);
    return offers !== undefined && offers >= needs ? pass : reject({ needs, offers: offers ?? 0, unit: 'events' });
  },
};
