import { matchesWildcard } from '../../queue/wildcard.js';
import { pass, type QueueFilter, reject } from '../filter.js';

/** `*` stands for anything. */
const named = (queue: string, names: readonly string[]) => names.some((name) => matchesWildcard(name, queue));

/** The task's list of queues to avoid. */
export const excluded: QueueFilter = {
  code: 'excluded',
  tag: '-excluded',
  title: 'the task excludes the queue',
  wakesOn: [],
  skippedFor: 'single',
  judge: ({ queue, request }) => (named(queue.name, request.excludedSites) ? reject() : pass),
};

/** The task's list of queues to use. */
export const notincluded: QueueFilter = {
  code: 'notincluded',
  tag: '-notincluded',
  title: 'the task asks for other queues',
  wakesOn: [],
  skippedFor: 'single',
  judge: ({ queue, request }) =>
    request.includedSites.length === 0 || named(queue.name, request.includedSites) ? pass : reject(),
};
