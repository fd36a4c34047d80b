import { pass, type QueueFilter, reject } from '../filter.js';

/** Output needs room. Spec: Brokerage › step 2 (DISK size check). */
const MIN_FREE_GB = 200;

export const storage: QueueFilter = {
  code: 'storage',
  tag: '-disk',
  title: 'the output storage of the queue is nearly full',
  wakesOn: ['storage.updated'],
  isTemporary: true,
  judge: ({ queue, world }) => {
    const endpoint = world.endpoints.get(queue.outputEndpoints[0] ?? '');
    if (endpoint === undefined || endpoint.freeGb === null || queue.catchall.has('skip_RSE_check')) return pass;
    const free = endpoint.freeGb + (endpoint.expiredGb ?? 0);
    return free >= MIN_FREE_GB
      ? pass
      : reject({ needs: MIN_FREE_GB, offers: Math.floor(free), unit: 'GB', endpoint: endpoint.name });
  },
};
