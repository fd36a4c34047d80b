import { pass, type QueueFilter, reject } from '../filter.js';

/** Input that nobody moves has to be there. Queues say `localOnly` in catchall, a VO says it for all of them. */
export const nonLocal: QueueFilter = {
  code: 'non_local',
  tag: '-non_local',
  title: 'the input is not at the queue and is not moved there',
  wakesOn: ['task.inputMoved'],
  judge: ({ queue, world }) => {
    const locality = world.locality.get(queue.name);
    const strict = world.options.inputMustBeLocal || queue.catchall.has('localOnly');
    if (!strict || locality === undefined || locality.diskFiles >= locality.totalFiles) return pass;
    return reject({ needs: locality.totalFiles, offers: locality.diskFiles, unit: 'files' });
  },
};
