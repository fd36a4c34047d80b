import { type Queue, queueStatus } from '../queue/queue.js';
import { effectiveCores } from '../resource-type/resource-type.js';
import { compensatedRamMb, jobRamMb } from '../task/task-sizes.js';
import type { TaskSpec } from '../task/task-spec.js';

/** Jobs whose output is on its way to a nucleus, above which it is backlogged unless as many run. */
const TRANSFERRING_LIMIT = 2000;

/** Network backlog: more output waits for its move to the nucleus than the jobs that run for it explain. */
export function isBacklogged(jobs: { readonly transferring: number; readonly running: number }): boolean {
  return jobs.transferring > Math.max(TRANSFERRING_LIMIT, 2 * jobs.running);
}

/** Whether a queue could run jobs of the task at all, whatever its load: job brokerage judges the rest when jobs are made. */
export function couldRun(task: TaskSpec, queue: Queue): boolean {
  if (queue.status !== queueStatus.online) return false;
  const fixed = task.coreCount > 0 ? task.coreCount : null;
  const cores = effectiveCores(task.coreCount);
  const coresFit = fixed === null || queue.isUnified || Math.max(1, queue.coreCount) === fixed;
  const ramMb = compensatedRamMb(jobRamMb(task, task.ramCount, cores));
  const ramFits = queue.maxRssMb === 0 || ramMb <= queue.maxRssMb * (queue.isUnified ? cores / Math.max(1, queue.coreCount) : 1);
  return coresFit && ramFits && (queue.maxTimeS === 0 || task.walltime <= queue.maxTimeS);
}
