import { cpuTimeSafety, measuredCpuTime, type ScoutJob } from '../scouts/scout-job.js';
import { cpuTimePerEvent } from '../task/task-sizes.js';

/** A job that ran out of time, and its task. */
export interface CpuTimeFacts extends Pick<ScoutJob, 'startTime' | 'endTime' | 'corePower' | 'cores' | 'nEvents'> {
  readonly taskCpuTime: number | null;
  readonly taskCpuTimeUnit: string | null;
  /** s. */
  readonly baseWalltime: number;
  /** %. */
  readonly cpuEfficiency: number;
}

/** One failed job may not change the task's value by more than this: it can be an outlier. */
const raiseMax = 2;

/**
 * HS06 seconds per event that the next attempts need: what the job used until it was stopped is less than what it needed, so that
 * with the usual safety is the new value. Undefined when that is no more than the task gives already, or the task's value is fixed
 * or none. Spec: Job Retry Module › Actions, increase CPU time.
 */
export function judgeCpuTime(facts: CpuTimeFacts): number | undefined {
  const given = cpuTimePerEvent({ cpuTime: facts.taskCpuTime, cpuTimeUnit: facts.taskCpuTimeUnit });
  if (!given || facts.taskCpuTimeUnit?.endsWith('Fixed')) return undefined;
  const used = measuredCpuTime(facts, facts);
  if (used === undefined) return undefined;
  const needed = Math.min(used * cpuTimeSafety, given * raiseMax);
  return needed > given ? Math.ceil(needed) : undefined;
}
