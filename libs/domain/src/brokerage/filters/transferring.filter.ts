import { pass, type QueueFilter, reject } from '../filter.js';

const DEFAULT_LIMIT = 2000;

/** Spec: Brokerage › step 2: transferring > max(transferring_limit, 2 × running). */
export const transferring: QueueFilter = {
  code: 'transferring',
  tag: '-transferring',
  title: 'too many jobs of the queue wait for their output to be moved',
  wakesOn: ['queue.load'],
  isTemporary: true,
  judge: ({ queue, load, world }) => {
    const limit = Math.max(queue.transferringLimit || DEFAULT_LIMIT, 2 * load.running);
    if (world.nucleusQueues.has(queue.name) || load.transferring <= limit) return pass;
    return reject({ needs: load.transferring, offers: limit, unit: 'transferring jobs' });
  },
};
