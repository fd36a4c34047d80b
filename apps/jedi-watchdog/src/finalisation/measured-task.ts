import type { FinalisableTask, FinishedJob, MeasurementParams } from '@panda/database';
import {
  type ExhaustedSettings,
  type ExhaustedVerdict,
  effectiveSizeMb,
  eventsOfFiles,
  expectedJobs,
  judgeExhausted,
  type MeasuredTask,
  measure,
  nGbPerJobFor,
  type ResourceTypeRow,
  resourceTypeOfTask,
  type ScoutJob,
  type ScoutSettings,
  SplitRule,
  splitRuleValues,
  type TaskMeasurement,
  usedCores,
} from '@panda/domain';

export interface MeasurementSettings {
  readonly scouts: ScoutSettings;
  readonly exhausted: ExhaustedSettings;
  readonly resourceTypes: readonly ResourceTypeRow[];
  /** HS06 per core by queue. */
  readonly corePower: ReadonlyMap<string, number>;
}

export interface TaskMeasured {
  readonly write: Omit<MeasurementParams, 'metric'>;
  readonly verdict: ExhaustedVerdict;
}

const MIB = 1_024 ** 2;
/** Job flavour of a merge of event service. panda-server:pandaserver/taskbuffer/EventServiceUtils.py@34d4b8f3 (esMergeJobFlagNumber). */
const ES_MERGE = 2;
/** Written by the pilot into the job metrics, bytes. */
const workDirSize = /(?:^|\s)workDirSize=(\d+)/;

/** What finished jobs say about their task: new columns, its rules, and whether they contradict what was asked for. */
export function measuredTask(task: FinalisableTask, rows: readonly FinishedJob[], settings: MeasurementSettings): TaskMeasured {
  const jobs = rows.map((row) => scoutJob(row, settings.corePower));
  const { columns, findings } = measure(measurable(task), jobs, settings.scouts);
  const rule = SplitRule.parse(task.splitRule);
  const verdict = judgeExhausted({
    task: exhaustible(task, rule, rows.length),
    measured: columns,
    findings,
    settings: settings.exhausted,
  });
  const leak = { memory_leak_core: findings.memoryLeakPerCore, memory_leak_x2: findings.memoryLeakChi2 };
  return {
    verdict,
    write: {
      id: task.id,
      columns: JSON.stringify({ ...lowerCased(columns), ...leak }),
      splitRule: measuredRule(rule, verdict, rows, columns).toString(),
      resourceType: resourceTypeOf(task, columns, settings.resourceTypes),
      asksAgain: rows.length === 0,
      findings: JSON.stringify({
        nJobs: rows.length,
        columns,
        decidedBy: findings.decidedBy,
        cpuEfficiency: findings.cpuEfficiency,
      }),
    },
  };
}

function scoutJob(row: FinishedJob, corePower: ReadonlyMap<string, number>): ScoutJob {
  const workDir = workDirSize.exec(row.jobMetrics ?? '')?.[1];
  const plain = (row.eventService ?? 0) === 0;
  return {
    ...row,
    kind: plain ? 'normal' : row.eventService === ES_MERGE ? 'eventServiceMerge' : 'eventService',
    cores: usedCores(row.actualCores, row.askedCores),
    corePower: corePower.get(row.queue ?? '') ?? null,
    nEvents: eventsOfFiles(row.files),
    inputMb: row.files.reduce((sum, file) => sum + effectiveSizeMb(file), 0),
    workDirMb: workDir === undefined ? null : Number(workDir) / MIB,
  };
}

function measurable(task: FinalisableTask): MeasuredTask {
  const { cpuTime, cpuTimeUnit, walltime, outDiskUnit, ramUnit, baseRamCount, workDiskCount, libSizeMb } = task;
  const taken = { cpuTime, cpuTimeUnit, walltime, outDiskUnit, ramUnit, baseRamCount, workDiskCount, libSizeMb };
  return { ...taken, baseWalltime: task.baseWalltime ?? 0, cpuEfficiency: task.cpuEfficiency ?? 90 };
}

function exhaustible(task: FinalisableTask, rule: SplitRule, finishedJobs: number) {
  const total = (pick: (master: FinalisableTask['masters'][number]) => number) =>
    task.masters.reduce((sum, master) => sum + pick(master), 0);
  return {
    cpuTime: task.cpuTime,
    cpuTimeUnit: task.cpuTimeUnit,
    ramCount: task.ramCount,
    ramPerCore: isPerCore(task.ramUnit),
    minCpuEfficiency: rule.get('minCpuEfficiency') ?? null,
    splitRule: {
      nFilesPerJob: rule.get('nFilesPerJob') ?? null,
      nGbPerJob: rule.get('nGBPerJob') ?? null,
      nMaxFilesPerJob: rule.get('nMaxFilesPerJob') ?? null,
    },
    ...expectedJobs({
      nFiles: total(({ nFiles }) => nFiles),
      nFilesUsed: total(({ nFilesUsed }) => nFilesUsed),
      nFilesFinished: total(({ nFilesFinished }) => nFilesFinished),
      finishedJobs,
    }),
  };
}

/** Scouts are over (US=3); jobs grow when scouts were too short, and follow the wanted size of output files (TN). */
function measuredRule(
  rule: SplitRule,
  verdict: ExhaustedVerdict,
  rows: readonly FinishedJob[],
  columns: TaskMeasurement,
): SplitRule {
  let next = rule.get('useScout') === splitRuleValues.useScout.use ? rule.with('useScout', splitRuleValues.useScout.post) : rule;
  if (verdict.kind === 'mend') {
    if (verdict.remove.includes('nFilesPerJob')) next = next.without('nFilesPerJob');
    if (verdict.remove.includes('nGbPerJob')) next = next.without('nGBPerJob');
    if (verdict.nMaxFilesPerJob !== null) next = next.with('nMaxFilesPerJob', verdict.nMaxFilesPerJob);
  }
  const target = rule.get('tgtMaxOutputForNG');
  const typical = typicalJob(rows);
  if (target === undefined || typical === undefined) return next;
  const inputBytes = typical.files.reduce((sum, { fsize }) => sum + fsize, 0);
  const size = nGbPerJobFor(target, { outputs: typical.outputs, inputBytes, workDiskMb: columns.workDiskCount ?? 0 });
  return size === undefined ? next : next.with('nGBPerJob', size);
}

/** The job in the middle by the size of its output. */
function typicalJob(rows: readonly FinishedJob[]): FinishedJob | undefined {
  const bytes = (job: FinishedJob) => job.outputs.reduce((sum, size) => sum + size, 0);
  const sorted = rows.toSorted((a, b) => bytes(a) - bytes(b) || a.pandaId - b.pandaId);
  return sorted[Math.floor(sorted.length / 2)];
}

function resourceTypeOf(task: FinalisableTask, columns: TaskMeasurement, rows: readonly ResourceTypeRow[]): string | null {
  if (columns.ramCount === undefined || rows.length === 0) return null;
  const ramPerCore = isPerCore(columns.ramUnit ?? task.ramUnit);
  return resourceTypeOfTask(rows, {
    coreCount: task.coreCount,
    ramCount: columns.ramCount,
    ramPerCore,
    baseRamCount: task.baseRamCount,
  });
}

function isPerCore(unit: string | null): boolean {
  return unit?.startsWith('MBPerCore') ?? false;
}

function lowerCased(columns: TaskMeasurement): Record<string, unknown> {
  return Object.fromEntries(Object.entries(columns).map(([name, value]) => [name.toLowerCase(), value]));
}
