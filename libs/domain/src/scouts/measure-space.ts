import { samplesOf } from './measure-time.js';
import type { Measured, MeasuredTask, ScoutSettings } from './measurement.js';
import { largest, percentile } from './percentile.js';
import type { ScoutJob } from './scout-job.js';

/** Output of so few events does not tell the size of an event. Spec: Dynamic Optimization › outDiskCount. */
const eventsMin = 10;
const outDiskRank = 75;
/** kB per MB of input, or per event: 10 MB. */
const outDiskMax = 10 * 1_024;

/** kB of output per event, or per MB of input, as the task counts it. */
export function measureOutDisk(task: MeasuredTask, jobs: readonly ScoutJob[]): Measured | undefined {
  if (task.outDiskUnit?.includes('Fixed')) return undefined;
  const perEvent = task.outDiskUnit?.endsWith('PerEvent') ?? false;
  const usable = jobs.filter((job) => job.kind !== 'eventService' && job.nEvents >= eventsMin);
  const ranked = percentile(
    samplesOf(usable, (job) => {
      const units = perEvent ? job.nEvents : job.inputMb;
      return job.outputBytes === null || units === 0 ? undefined : Math.ceil(job.outputBytes / units);
    }),
    outDiskRank,
  );
  if (ranked === undefined) return undefined;
  const outDiskCount = Math.trunc(Math.min(outDiskMax, ranked.value / 1_024));
  return { columns: { outDiskCount, outDiskUnit: perEvent ? 'kBPerEvent' : 'kB' }, decidedBy: ranked.decidedBy };
}

/** MB of memory: per core without the part that does not scale, or of the whole job. Spec: Dynamic Optimization › ramCount. */
export function measureRam(task: MeasuredTask, jobs: readonly ScoutJob[], settings: ScoutSettings): Measured | undefined {
  if (task.ramUnit === 'MBPerCoreFixed') return undefined;
  const perCore = task.ramUnit === 'MBPerCore';
  const samples = samplesOf(jobs, (job) => (perCore ? ramPerCoreKb(job, task.baseRamCount ?? 0) : ramOfJobKb(job)));
  const ranked = percentile(samples, settings.ramCountRank);
  if (ranked === undefined) return undefined;
  const withMargin = Math.floor((ranked.value * (100 + settings.ramCountMargin)) / 100);
  const mb = withMargin < 0 ? 1 : Math.trunc(withMargin / 1_024);
  const ramCount = Math.max(mb, settings.ramCountMin ?? 0);
  return { columns: { ramCount, ramUnit: perCore ? 'MBPerCore' : 'MB' }, decidedBy: ranked.decidedBy };
}

function ramPerCoreKb(job: ScoutJob, baseRamMb: number): number | undefined {
  if (job.maxPssKb === null || job.maxPssKb <= 0) return undefined;
  return Math.ceil((job.maxPssKb - baseRamMb * 1_024) / job.cores);
}

function ramOfJobKb(job: ScoutJob): number | undefined {
  if (job.maxPssKb !== null && job.maxPssKb > 0) return job.maxPssKb;
  return job.maxVmemKb ?? undefined;
}

/** MB of scratch space of the largest job; a larger preset stays. Spec: Dynamic Optimization › workDiskCount. */
export function measureWorkDisk(task: MeasuredTask, jobs: readonly ScoutJob[]): Measured | undefined {
  const ranked = largest(
    samplesOf(jobs, (job) => {
      const known = [job.workDirMb, task.libSizeMb].filter((mb) => mb !== null);
      return known.length === 0 ? undefined : Math.max(...known);
    }),
  );
  if (ranked === undefined) return undefined;
  const workDiskCount = Math.max(Math.trunc(ranked.value), task.workDiskCount ?? 0);
  return { columns: { workDiskCount, workDiskUnit: 'MB' }, decidedBy: ranked.decidedBy };
}
