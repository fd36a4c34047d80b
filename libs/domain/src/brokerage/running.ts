import type { FilterContext } from './filter.js';

/** Workers count for at most this many running jobs: enough to start a queue, not to flood it. */
const BOOTSTRAP = 20;

/**
 * Running jobs for weights and caps: the largest of the jobs that run, of workers in the batch system while few run, of promised slots, and
 * of starting jobs where slots follow them. Spec: Brokerage › step 3.
 */
export function effectiveRunning({ load, queue }: Pick<FilterContext, 'load' | 'queue'>): number {
  const running = load.running;
  const workers = running < BOOTSTRAP ? Math.min(load.batchWorkers ?? 0, BOOTSTRAP) : 0;
  const slots = load.slots === null ? 0 : load.slots > 0 ? Math.floor(load.slots / (queue.coreCount || 1)) : load.starting;
  return Math.max(running, workers, slots);
}
