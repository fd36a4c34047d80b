import { minEventsForJumbo, takesJumboJobs } from '../../queue/queue.js';
import { pass, type QueueFilter, reject } from '../filter.js';

/** Queues that run nothing but jumbo jobs. */
export const jumbo: QueueFilter = {
  code: 'jumbo',
  tag: '-jumbo',
  title: 'the queue runs only jumbo jobs',
  wakesOn: ['queue.updated'],
  skippedFor: 'single',
  judge: ({ queue, request }) => (takesJumboJobs(queue) && request.jumboEvents === null ? reject() : pass),
};

export const fewevents: QueueFilter = {
  code: 'fewevents',
  tag: '-fewevents',
  title: 'too few events are left for a jumbo job',
  wakesOn: ['task.inputMoved'],
  skippedFor: 'single',
  judge: ({ queue, request }) => {
    const needs = minEventsForJumbo(queue);
    if (request.jumboEvents === null || needs === undefined || request.jumboEvents >= needs) return pass;
    return reject({ needs, offers: request.jumboEvents, unit: 'events' });
  },
};
