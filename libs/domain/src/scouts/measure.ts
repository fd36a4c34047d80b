import { measureOutDisk, measureRam, measureWorkDisk } from './measure-space.js';
import { measureCpuTime, measureDiskIo, measureIoIntensity, measureWalltime } from './measure-time.js';
import {
  type Measured,
  type MeasuredTask,
  measuredWalltimeUnit,
  type ScoutSettings,
  scoutDefaults,
  type TaskMeasurement,
} from './measurement.js';
import { mean, percentile, type Sample } from './percentile.js';
import { executionS, type ScoutJob } from './scout-job.js';

/** What else the jobs show: for the checks of `exhausted`, and for people. */
export interface ScoutFindings {
  readonly nJobs: number;
  /** s. */
  readonly executionS: ReadonlyMap<number, number>;
  /** Longest execution among the jobs that decided on cpuTime, s. */
  readonly cpuTimeExecutionS?: number;
  /** kB/s and core. */
  readonly memoryLeakPerCore?: number;
  readonly memoryLeakChi2?: number;
  /** Median over jobs of CPU time / (cores × execution time), %. */
  readonly cpuEfficiency?: number;
  /** The job with the largest CPU consumption. */
  readonly mostCpu?: { readonly pandaId: number; readonly cpuS: number; readonly executionS: number; readonly cores: number };
  /** Column → jobs whose values decided it. */
  readonly decidedBy: Readonly<Record<string, readonly number[]>>;
}

/** At most this many jobs are measured. */
export const measuredJobsMax = 1_000;

/**
 * New values for a task from its finished jobs. Merge jobs of event service tell about sizes only.
 * Spec: Dynamic Optimization of Task Parameters; panda-jedi:pandajedi/jedicore/JediDBProxy.py `getScoutJobData_JEDI`@42f4bb41.
 */
export function measure(
  task: MeasuredTask,
  jobs: readonly ScoutJob[],
  settings: ScoutSettings = scoutDefaults,
): { readonly columns: TaskMeasurement; readonly findings: ScoutFindings } {
  const payload = jobs.filter((j) => j.kind !== 'eventServiceMerge');
  const measured: Record<string, Measured | undefined> = {
    outDiskCount: measureOutDisk(task, jobs),
    walltime: measureWalltime(task, payload),
    cpuTime: measureCpuTime(task, payload, settings),
    ioIntensity: measureIoIntensity(payload),
    diskIo: measureDiskIo(payload, settings),
    ramCount: measureRam(task, payload, settings),
    workDiskCount: measureWorkDisk(task, jobs),
  };
  const columns = Object.assign({ walltimeUnit: measuredWalltimeUnit }, ...Object.values(measured).map((m) => m?.columns ?? {}));
  const decidedBy = Object.fromEntries(Object.entries(measured).flatMap(([name, m]) => (m ? [[name, m.decidedBy]] : [])));
  return { columns, findings: findingsOf(payload, decidedBy) };
}

function findingsOf(jobs: readonly ScoutJob[], decidedBy: Record<string, readonly number[]>): ScoutFindings {
  const execution = new Map(
    jobs.flatMap((j): [number, number][] => {
      const seconds = executionS(j);
      return seconds === undefined ? [] : [[j.pandaId, seconds]];
    }),
  );
  const sample = (of: (job: ScoutJob) => number | undefined): Sample[] =>
    jobs.flatMap((j) => {
      const value = of(j);
      return value === undefined ? [] : [{ pandaId: j.pandaId, value }];
    });
  const leak = mean(sample((j) => (j.memoryLeak === null ? undefined : Math.ceil(j.memoryLeak / j.cores))));
  const chi2 = mean(sample((j) => (j.memoryLeakChi2 === null ? undefined : Math.trunc(j.memoryLeakChi2))));
  const efficiency = percentile(
    sample((j) => efficiencyOf(j)),
    50,
  );
  const deciding = (decidedBy.cpuTime ?? []).flatMap((id) => execution.get(id) ?? []);
  return {
    nJobs: jobs.length,
    executionS: execution,
    decidedBy,
    ...(deciding.length > 0 ? { cpuTimeExecutionS: Math.max(...deciding) } : {}),
    ...(leak === undefined ? {} : { memoryLeakPerCore: Math.ceil(leak) }),
    ...(chi2 === undefined ? {} : { memoryLeakChi2: Math.ceil(chi2) }),
    ...(efficiency === undefined ? {} : { cpuEfficiency: Math.trunc(efficiency.value) }),
    ...mostCpuOf(jobs),
  };
}

function efficiencyOf(job: ScoutJob): number | undefined {
  const seconds = executionS(job);
  if (seconds === undefined || job.cpuConsumptionS === null) return undefined;
  return Math.ceil((job.cpuConsumptionS / (job.cores * seconds)) * 100);
}

function mostCpuOf(jobs: readonly ScoutJob[]): Pick<ScoutFindings, 'mostCpu'> {
  const known = jobs.flatMap((j) => {
    const seconds = executionS(j);
    if (seconds === undefined || j.cpuConsumptionS === null) return [];
    return [{ pandaId: j.pandaId, cpuS: j.cpuConsumptionS, executionS: seconds, cores: j.cores }];
  });
  const mostCpu = known.toSorted((a, b) => b.cpuS - a.cpuS)[0];
  return mostCpu === undefined ? {} : { mostCpu };
}
