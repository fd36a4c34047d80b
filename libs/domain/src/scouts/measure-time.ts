import type { Measured, MeasuredTask, ScoutSettings } from './measurement.js';
import { largest, mean, percentile, type Sample } from './percentile.js';
import { cpuTimeSafety, executionS, measuredCpuTime, type ScoutJob, saysCpuTime } from './scout-job.js';

/** A preset value with a unit of this ending is not replaced. Spec: Dynamic Optimization › cpuTime. */
const fixedUnit = /Fixed$/;

/** Below this the value is stored in thousandths of its unit. */
const smallCpuTime = 10;

/** Jobs shorter than this say nothing about walltime. */
const shortestWalltimeS = 3_600;
const walltimeSafety = 1.5;
const walltimeMax = 999_999_999;

export function samplesOf(jobs: readonly ScoutJob[], of: (job: ScoutJob) => number | undefined): Sample[] {
  return jobs.flatMap((job) => {
    const value = of(job);
    return value === undefined || !Number.isFinite(value) ? [] : [{ value, pandaId: job.pandaId }];
  });
}

/** HS06 seconds per event at the rank, with safety factor; small values in thousandths. */
export function measureCpuTime(task: MeasuredTask, jobs: readonly ScoutJob[], settings: ScoutSettings): Measured | undefined {
  if (task.cpuTimeUnit !== null && fixedUnit.test(task.cpuTimeUnit)) return undefined;
  const ranked = percentile(
    samplesOf(jobs.filter(saysCpuTime), (job) => measuredCpuTime(job, task)),
    settings.cpuTimeRank,
  );
  if (ranked === undefined) return undefined;
  const value = ranked.value * cpuTimeSafety;
  const inThousandths = value < smallCpuTime;
  const columns = {
    cpuTime: Math.ceil(inThousandths ? value * 1_000 : value),
    cpuTimeUnit: inThousandths ? 'mHS06sPerEvent' : 'HS06sPerEvent',
  };
  return { columns, decidedBy: ranked.decidedBy };
}

/** CPU seconds per MB of input, of the longest job; a larger (or switched off: negative) preset stays. */
export function measureWalltime(task: MeasuredTask, jobs: readonly ScoutJob[]): Measured | undefined {
  const ranked = largest(samplesOf(jobs, (job) => job.cpuConsumptionS ?? undefined));
  const inputMb = Math.max(0, ...jobs.map((job) => job.inputMb));
  if (ranked === undefined || inputMb === 0) return undefined;
  const cpuS = ranked.value < shortestWalltimeS ? 0 : ranked.value;
  const value = Math.ceil((cpuS / inputMb) * walltimeSafety);
  const keepsPreset = task.walltime !== null && (task.walltime > value || task.walltime < 0);
  const walltime = Math.min(walltimeMax, keepsPreset ? (task.walltime ?? value) : value);
  return { columns: { walltime }, decidedBy: ranked.decidedBy };
}

/** kB/s and core that the busiest job moves over the network. Spec: Dynamic Optimization › ioIntensity. */
export function measureIoIntensity(jobs: readonly ScoutJob[]): Measured | undefined {
  const ranked = largest(
    samplesOf(jobs, (job) => {
      const seconds = executionS(job);
      if (seconds === undefined || job.outputBytes === null) return undefined;
      return (job.inputMb * 1_024 + job.outputBytes / 1_024) / seconds / job.cores;
    }),
  );
  if (ranked === undefined) return undefined;
  return { columns: { ioIntensity: Math.ceil(ranked.value), ioIntensityUnit: 'kBPerS' }, decidedBy: ranked.decidedBy };
}

/** kB/s between a job and its disk: mean over the jobs, at most the cap. Spec: Dynamic Optimization › diskIO. */
export function measureDiskIo(jobs: readonly ScoutJob[], settings: ScoutSettings): Measured | undefined {
  const samples = samplesOf(jobs, (job) => {
    const seconds = executionS(job);
    if (seconds === undefined || job.diskReadKb === null || job.diskWriteKb === null) return undefined;
    return (job.diskReadKb + job.diskWriteKb) / seconds;
  });
  const average = mean(samples);
  if (average === undefined) return undefined;
  const diskIo = Math.min(Math.ceil(average), settings.diskIoCap ?? Number.POSITIVE_INFINITY);
  return { columns: { diskIo, diskIoUnit: 'kBPerS' }, decidedBy: samples.map((s) => s.pandaId) };
}
