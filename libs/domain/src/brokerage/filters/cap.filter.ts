import { pass, type QueueFilter, reject } from '../filter.js';
import { effectiveRunning } from '../running.js';

/** Below this many queued jobs a queue is never called full. */
const FLOOR = 20;

/** Spec: Brokerage › step 4: activated + starting, or everything queued, above twice the running jobs. */
export const cap: QueueFilter = {
  code: 'cap',
  tag: '-cap',
  title: 'enough jobs are queued at the queue',
  wakesOn: ['queue.load'],
  isTemporary: true,
  judge: (context) => {
    const { queue, load, world } = context;
    const limit = Math.max(FLOOR, 2 * effectiveRunning(context));
    const local = world.locality.get(queue.name);
    const allLocal = local === undefined || local.diskFiles >= local.totalFiles;
    const waiting = load.activated + load.starting;
    const queued = waiting + load.defined + (world.live.get(queue.name) ?? 0) + (allLocal ? 0 : load.assigned);
    return waiting <= limit && queued <= limit
      ? pass
      : reject({ needs: Math.max(waiting, queued), offers: limit, unit: 'queued jobs' });
  },
};

/** The same among jobs of one resource type. */
export const capRt: QueueFilter = {
  code: 'cap_rt',
  tag: '-cap_rt',
  title: 'enough jobs of this resource type are queued at the queue',
  wakesOn: ['queue.load'],
  isTemporary: true,
  judge: ({ load }) => {
    if (load.queuedOfType === null || load.runningOfType === null) return pass;
    const limit = Math.max(FLOOR, 2 * load.runningOfType);
    return load.queuedOfType <= limit ? pass : reject({ needs: load.queuedOfType, offers: limit, unit: 'queued jobs' });
  },
};
