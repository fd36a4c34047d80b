import { pass, type QueueFilter, reject } from '../filter.js';
import { isUrgent } from '../request.js';

/** Job seeds of a queue: `std` only ordinary, `es` only event service, `eshigh` event service of high priority, `all` both. */
const rule = (code: string, title: string, refuses: (seed: string, isEs: boolean, urgent: boolean) => boolean): QueueFilter => ({
  code,
  tag: `-${code}`,
  title,
  wakesOn: ['queue.updated', 'task.priorityChanged'],
  skippedFor: 'single',
  judge: ({ queue, request }) => {
    const isEs = request.task.eventService === 1 && !request.isMerging;
    return refuses(queue.jobSeed, isEs, isUrgent(request)) ? reject({ jobSeed: queue.jobSeed }) : pass;
  },
});

/** Spec: Brokerage › step 2 (event service). */
export const es = rule('es', 'the queue takes no event service jobs', (seed, isEs) => isEs && seed === 'std');
export const eshigh = rule(
  'eshigh',
  'the queue takes event service jobs only of high priority',
  (seed, isEs, urgent) => isEs && seed === 'eshigh' && !urgent,
);
export const nones = rule('nones', 'the queue takes only event service jobs', (seed, isEs) => !isEs && seed === 'es');

/** Event service needs whole nodes of unified queues. */
export const esUcore: QueueFilter = {
  code: 'es_ucore',
  tag: '-es_ucore',
  title: 'event service jobs do not run on single cores of a unified queue',
  wakesOn: ['queue.updated'],
  skippedFor: 'single',
  judge: ({ queue, request: { task, isMerging } }) =>
    task.eventService === 1 && !isMerging && queue.isUnified && task.coreCount === 1 && queue.coreCount > 1
      ? reject({ offers: queue.coreCount })
      : pass,
};
