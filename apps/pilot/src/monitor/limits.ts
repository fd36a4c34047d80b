import type { JobDefinition } from '../job/job-definition.js';
import type { QueueData } from '../queue/queue-data.js';

const LIFETIME_RESERVE_S = 180;
const DEFAULT_WORKDIR_GRACE = 1.2;

/** Seconds a job may run: its own limit times the queue's grace where the queue defines one, else the queue's maxtime, else the pilot's life. */
export function runTimeLimitS(
  job: Pick<JobDefinition, 'maxWalltimeS'>,
  queue: Pick<QueueData, 'walltimeGrace' | 'maxTimeS'>,
  lifetimeS: number,
): number {
  if (job.maxWalltimeS > 0 && queue.walltimeGrace !== undefined) return job.maxWalltimeS * queue.walltimeGrace;
  return Math.max(1, (queue.maxTimeS > 0 ? queue.maxTimeS : lifetimeS) - LIFETIME_RESERVE_S);
}

/** Largest work directory in bytes: maxwdir with its grace, shared by the queue's cores when the job uses one of them. */
export function workDirLimitBytes(
  job: Pick<JobDefinition, 'coreCount'>,
  queue: Pick<QueueData, 'maxWorkDirMb' | 'workDirGrace' | 'coreCount'>,
): number {
  const whole = queue.maxWorkDirMb * (queue.workDirGrace ?? DEFAULT_WORKDIR_GRACE) * 1_048_576;
  return job.coreCount === 1 ? whole / queue.coreCount : whole;
}

/** Largest PSS in kB, or undefined where the queue sets no limit; maxrss is for the queue's cores and scaled to the job's. */
export function memoryLimitKb(
  job: Pick<JobDefinition, 'coreCount'>,
  queue: Pick<QueueData, 'maxRssMb' | 'coreCount'>,
  grace: number,
): number | undefined {
  if (queue.maxRssMb <= 0) return undefined;
  return queue.maxRssMb * 1_024 * (job.coreCount / queue.coreCount) * grace;
}

/** A payload that touches no file for so long is looping. `--maxCpuCount` of a task relaxes the general limit. Spec: prun › maxCpuCount. */
export function loopingLimitMs(job: Pick<JobDefinition, 'maxCpuCountS'>, generalMs: number): number {
  return Math.max(generalMs, job.maxCpuCountS * 1_000);
}
