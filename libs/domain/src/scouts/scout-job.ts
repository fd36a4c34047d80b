/** A finished job from which a task's needs are measured. Null = the pilot did not say. */
export interface ScoutJob {
  readonly pandaId: number;
  readonly kind: 'normal' | 'eventService' | 'eventServiceMerge';
  /** Used cores, else those asked for. */
  readonly cores: number;
  readonly startTime: Date | null;
  readonly endTime: Date | null;
  /** HS06 per core of the queue; null or 0 = unknown. */
  readonly corePower: number | null;
  /** s over all cores. */
  readonly cpuConsumptionS: number | null;
  /** Events of its input; {@link eventsOfFiles}. */
  readonly nEvents: number;
  /** Effective size of its master input in MB. */
  readonly inputMb: number;
  readonly outputBytes: number | null;
  readonly maxPssKb: number | null;
  readonly maxVmemKb: number | null;
  readonly diskReadKb: number | null;
  readonly diskWriteKb: number | null;
  /** kB/s. */
  readonly memoryLeak: number | null;
  readonly memoryLeakChi2: number | null;
  readonly workDirMb: number | null;
}

/** Core power to reckon with where the queue does not say. panda-jedi:pandajedi/jedicore/JediDBProxy.py@42f4bb41. */
export const corePowerDefault = 10;

/** Cores of a job: what it used, else what it asked for, at least one. */
export function usedCores(actual: number | null, asked: number | null): number {
  return [actual, asked].find((n): n is number => n !== null && n > 0) ?? 1;
}

/** A file without event information counts as one event. Spec: Dynamic Optimization of Task Parameters. */
export function eventsOfFiles(files: readonly { readonly nEvents: number | null }[]): number {
  return files.reduce((sum, file) => sum + (file.nEvents ?? 1), 0);
}

/** Seconds from start to end; undefined when unknown or empty. */
export function executionS(job: Pick<ScoutJob, 'startTime' | 'endTime'>): number | undefined {
  if (job.startTime === null || job.endTime === null) return undefined;
  const seconds = Math.floor((job.endTime.getTime() - job.startTime.getTime()) / 1_000);
  return seconds > 0 ? seconds : undefined;
}

export interface CpuTask {
  /** s that do not scale with CPU power. */
  readonly baseWalltime: number;
  /** %; 0 = the task does not scale with its events. */
  readonly cpuEfficiency: number;
}

/**
 * HS06 seconds per event: `max(0, end − start − base) × corePower × cores × efficiency / events`, without the safety factor.
 * Spec: Dynamic Optimization › cpuTime.
 */
export function measuredCpuTime(
  job: Pick<ScoutJob, 'startTime' | 'endTime' | 'corePower' | 'cores' | 'nEvents'>,
  task: CpuTask,
): number | undefined {
  const seconds = executionS(job);
  if (seconds === undefined || task.cpuEfficiency === 0) return undefined;
  const power = (job.corePower || corePowerDefault) * job.cores * (task.cpuEfficiency / 100);
  return (Math.max(0, seconds - task.baseWalltime) * power) / Math.max(1, job.nEvents);
}

/** On top of what was measured, for jobs that are larger than the scouts. */
export const cpuTimeSafety = 1.5;

const eventsPerCoreMin = 10;
const longEnoughS = 6 * 3_600;

/** Short jobs with few events say more about start and end than about events. Spec: Dynamic Optimization › cpuTime. */
export function saysCpuTime(job: ScoutJob): boolean {
  return job.nEvents >= eventsPerCoreMin * job.cores || (executionS(job) ?? 0) >= longEnoughS;
}
