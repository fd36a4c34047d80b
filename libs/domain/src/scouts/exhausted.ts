import { cpuTimePerEvent } from '../task/task-sizes.js';
import type { ScoutFindings } from './measure.js';
import type { MeasuredTask, TaskMeasurement } from './measurement.js';

/** Rows of CONFIG `jedi.dbproxy.*_<label>`; null = the check is off. */
export interface ExhaustedSettings {
  /** RAM_THR_EXAUSTED, GB per core. */
  readonly ramGb: number;
  /** SCOUT_MEM_LEAK_PER_CORE, kB/s. */
  readonly memoryLeakPerCore: number | null;
  /** SCOUT_SHORT_EXECTIME, minutes. */
  readonly shortMinutes: number;
  /** SCOUT_NUM_SHORT. */
  readonly shortJobs: number | null;
  /** SCOUT_THR_SHORT: expected jobs of the task. */
  readonly shortTaskJobs: number | null;
  /** SCOUT_CHANGE_SR. */
  readonly mendsSplitRule: boolean;
}

export const exhaustedDefaults: ExhaustedSettings = {
  ramGb: 4,
  memoryLeakPerCore: null,
  shortMinutes: 0,
  shortJobs: null,
  shortTaskJobs: null,
  mendsSplitRule: false,
};

export interface ExhaustedTask extends Pick<MeasuredTask, 'cpuTime' | 'cpuTimeUnit'> {
  /** MB per core when `ramPerCore`. */
  readonly ramCount: number | null;
  readonly ramPerCore: boolean;
  /** Rule minCpuEfficiency, %. */
  readonly minCpuEfficiency: number | null;
  /** Rules that can be mended when jobs are too short. */
  readonly splitRule: {
    readonly nFilesPerJob: number | null;
    readonly nGbPerJob: number | null;
    readonly nMaxFilesPerJob: number | null;
  };
  /** Jobs the whole task needs, and those still to be made, reckoned from its scouts. */
  readonly expectedJobs: number;
  readonly newJobs: number;
}

export type ExhaustedVerdict =
  | { readonly kind: 'fine' }
  /** The split rule is changed instead: longer jobs. */
  | {
      readonly kind: 'mend';
      readonly remove: readonly ('nFilesPerJob' | 'nGbPerJob')[];
      readonly nMaxFilesPerJob: number | null;
      readonly reason: string;
    }
  /** `code` is the tag operators grep for. */
  | { readonly kind: 'exhausted'; readonly code: string; readonly reason: string };

/** So few further jobs are not worth a question to the user. */
const newJobsMin = 20;
const cpuTimeFactor = 2;
const cpuTimeExecutionS = 24 * 3_600;
const abuseFactor = 2;
const mendedMaxFiles = 200;

interface Case {
  readonly task: ExhaustedTask;
  readonly measured: TaskMeasurement;
  readonly findings: ScoutFindings;
  readonly settings: ExhaustedSettings;
}

/**
 * Do the scouts contradict what the task asked for, so that its user must decide? Asked only after successful scouts, and only when
 * many jobs are still to come. Spec: Dynamic Optimization › taskStatus=exhausted.
 */
export function judgeExhausted(question: Case): ExhaustedVerdict {
  if (question.task.newJobs <= newJobsMin) return { kind: 'fine' };
  for (const check of [cpuTime, ramCount, memoryLeak, shortJobs, lowEfficiency, cpuAbuse]) {
    const verdict = check(question);
    if (verdict !== undefined) return verdict;
  }
  return { kind: 'fine' };
}

function exhausted(code: string, reason: string): ExhaustedVerdict {
  return { kind: 'exhausted', code, reason };
}

function cpuTime({ task, measured, findings }: Case): ExhaustedVerdict | undefined {
  const asked = cpuTimePerEvent(task);
  const found = cpuTimePerEvent({ cpuTime: measured.cpuTime ?? null, cpuTimeUnit: measured.cpuTimeUnit ?? null });
  if (!asked || found === null) return undefined;
  if (found <= cpuTimeFactor * asked || (findings.cpuTimeExecutionS ?? 0) <= cpuTimeExecutionS) return undefined;
  return exhausted('scout_cpuTime', `cpuTime of the scouts (${found}) is larger than ${cpuTimeFactor} × the task's (${asked})`);
}

function ramCount({ task, measured, settings }: Case): ExhaustedVerdict | undefined {
  const limit = settings.ramGb * 1_024;
  if (!task.ramPerCore || measured.ramCount === undefined || task.ramCount === null) return undefined;
  if (measured.ramCount <= limit || task.ramCount >= limit) return undefined;
  return exhausted(
    'scout_ramCount',
    `memory of the scouts (${measured.ramCount} MB per core) is above ${limit} MB, the task asked for ${task.ramCount} MB`,
  );
}

/** The program only writes the text; the specification wants the task to stop, which is the point of the threshold. */
function memoryLeak({ findings, settings }: Case): ExhaustedVerdict | undefined {
  const { memoryLeakPerCore: leak } = findings;
  const limit = settings.memoryLeakPerCore;
  if (leak === undefined || limit === null || leak <= limit) return undefined;
  return exhausted('scout_memory_leak', `memory leak of the scouts (${leak} kB/s per core) is above ${limit} kB/s`);
}

function shortJobs({ task, findings, settings }: Case): ExhaustedVerdict | undefined {
  if (settings.shortJobs === null || settings.shortTaskJobs === null) return undefined;
  const short = [...findings.executionS.values()].filter((s) => s <= settings.shortMinutes * 60).length;
  if (short < settings.shortJobs || task.expectedJobs <= settings.shortTaskJobs) return undefined;
  const reason = `${short} scouts ran for less than ${settings.shortMinutes} min, and the task would make ${task.expectedJobs} jobs`;
  return (settings.mendsSplitRule ? mend(task, reason) : undefined) ?? exhausted('many_shorter_jobs', reason);
}

function mend({ splitRule }: ExhaustedTask, reason: string): ExhaustedVerdict | undefined {
  const remove = (['nFilesPerJob', 'nGbPerJob'] as const).filter((key) => splitRule[key] !== null);
  const isLow = splitRule.nMaxFilesPerJob !== null && splitRule.nMaxFilesPerJob < mendedMaxFiles;
  if (remove.length === 0 && !isLow) return undefined;
  return { kind: 'mend', remove, nMaxFilesPerJob: isLow ? mendedMaxFiles : null, reason };
}

function lowEfficiency({ task, findings }: Case): ExhaustedVerdict | undefined {
  const { cpuEfficiency } = findings;
  if (task.minCpuEfficiency === null || cpuEfficiency === undefined || cpuEfficiency >= task.minCpuEfficiency) return undefined;
  return exhausted('low_efficiency', `CPU efficiency of the scouts (${cpuEfficiency} %) is below ${task.minCpuEfficiency} %`);
}

function cpuAbuse({ findings }: Case): ExhaustedVerdict | undefined {
  const { mostCpu } = findings;
  if (mostCpu === undefined || mostCpu.cpuS <= mostCpu.executionS * mostCpu.cores * abuseFactor) return undefined;
  return exhausted(
    'over_cpu_consumption',
    `CPU consumption ${mostCpu.cpuS} s is larger than duration × cores × ${abuseFactor} (${mostCpu.executionS} s × ${mostCpu.cores}): a multi-core payload on single-core queues?`,
  );
}
