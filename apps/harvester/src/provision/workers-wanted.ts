import type { QueueConfig } from '../queue/queue-config.js';

/** What decides how many workers a queue gets. */
export interface Demand {
  readonly queue: Pick<QueueConfig, 'maxWorkers' | 'maxNewWorkersPerCycle' | 'maxQueuedWorkers' | 'runMode'>;
  /** Workers that have not ended. */
  readonly active: number;
  /** Of these, still waiting for a slot. */
  readonly queued: number;
  /** Of the active ones, so young that they have not taken a job yet. */
  readonly young: number;
  /** Jobs that wait for a pilot; undefined when the server did not say. */
  readonly activated: number | undefined;
  /** Workers the server has commanded and that were not started yet. */
  readonly commanded: number;
  /** A pilot died and left a job that only another pilot here can report. */
  readonly recovering: boolean;
}

/**
 * How many workers to start now. A queue that decides itself starts one for each waiting job that no young worker is about to take: an
 * idle queue has no process at all. A commanded one starts what was asked. Neither passes the queue's limits.
 */
export function workersWanted({ queue, active, queued, young, activated, commanded, recovering }: Demand): number {
  const forJobs = queue.runMode === 'slave' ? 0 : (activated ?? 0) - young;
  const wish = Math.max(commanded, forJobs, recovering ? 1 : 0);
  const room = Math.min(queue.maxWorkers - active, queue.maxQueuedWorkers - queued, queue.maxNewWorkersPerCycle);
  return Math.max(0, Math.min(wish, room));
}
