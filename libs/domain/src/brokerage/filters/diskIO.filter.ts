import { pass, type QueueFilter, reject } from '../filter.js';

/** Spec: Brokerage › step 2: MAX_DISKIO_DEFAULT and maxDiskIO; both the queue and the task must be over the limit. */
export const diskIo: QueueFilter = {
  code: 'diskIO',
  tag: '-diskIO',
  title: 'the disks of the queue are busy and the task would add to it',
  wakesOn: ['queue.load', 'config.changed'],
  isTemporary: true,
  judge: ({ queue, load, request: { task }, world }) => {
    const limit = queue.maxDiskIo > 0 ? queue.maxDiskIo : world.options.maxDiskIoDefault;
    const perCore =
      task.coreCount > 1 && queue.coreCount > 0 ? Math.floor((task.diskIo ?? 0) / queue.coreCount) : (task.diskIo ?? 0);
    if ((load.diskIoPerCore ?? 0) <= limit || perCore <= limit) return pass;
    return reject({ needs: perCore, offers: limit, unit: 'kB/s per core', average: load.diskIoPerCore });
  },
};
