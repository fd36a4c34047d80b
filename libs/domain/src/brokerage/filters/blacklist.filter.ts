import { pass, type QueueFilter, reject } from '../filter.js';

/** Spec: Brokerage › step 2 (blacklisted endpoints). */
export const blacklist: QueueFilter = {
  code: 'blacklist',
  tag: '-blacklist',
  title: 'the output storage of the queue does not take files now',
  wakesOn: ['storage.updated'],
  isTemporary: true,
  judge: ({ queue, world }) => {
    const endpoint = world.endpoints.get(queue.outputEndpoints[0] ?? '');
    return endpoint?.isBlacklistedForWrite ? reject({ endpoint: endpoint.name }) : pass;
  },
};
