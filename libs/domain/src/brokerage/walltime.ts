import type { Queue } from '../queue/queue.js';
import { coresOf } from '../queue/queue.js';
import { cpuTimePerEvent, eventWalltimeS, usesHs06 } from '../task/task-sizes.js';
import type { TaskSpec } from '../task/task-spec.js';
import type { BrokerageRequest } from './request.js';

/** Whether anything is known of how long jobs take. */
export function hasWalltime(task: TaskSpec): boolean {
  return usesHs06(task) ? (cpuTimePerEvent(task) ?? 0) > 0 : task.walltime !== 0;
}

/**
 * Walltime in seconds of the smallest job at a queue; undefined when the task says nothing. HS06 tasks are scaled by events, cores, core
 * power and efficiency; others state seconds, a negative number meaning "exactly this". Merge jobs have their own limit.
 */
export function walltimeNeed(request: BrokerageRequest, queue: Queue): number | undefined {
  const { task, smallest } = request;
  if (request.isMerging || !hasWalltime(task)) return undefined;
  if (!usesHs06(task)) return Math.abs(task.walltime);
  const consumers = task.splitRule.has('useJobCloning') ? 1 : (task.splitRule.get('nEsConsumers') ?? 1);
  const cpu = { cores: coresOf(task, queue), corePower: queue.corePower };
  return eventWalltimeS(task, smallest.events, cpu, consumers) + task.baseWalltime;
}
