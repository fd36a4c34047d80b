import type { FailedJobRow, JobErrors, JobOutcome } from '@panda/database';
import { eventsOfFiles, type FailedJob, type JobError, ramIsPerCore, usedCores } from '@panda/domain';

/** Efficiency of a task that states none, %. */
const FULL_EFFICIENCY = 100;

/** A job that is about to fail, with the errors its end adds, as the retry rules judge it. */
export function failedJob(row: FailedJobRow, { errors = {} }: JobOutcome, corePower: number | null): FailedJob {
  const { task } = row;
  return {
    errors: errorsOf(row, errors),
    attemptNr: row.attemptNr,
    maxAttempt: row.maxAttempt,
    architecture: row.cmtConfig,
    release: row.atlasRelease,
    workQueueId: row.workQueueId,
    memory: {
      cores: row.cores,
      minRamCount: row.minRamCount,
      maxPss: row.maxPssKb,
      taskRamCount: task.ramCount,
      ramPerCore: ramIsPerCore({ ramUnit: task.ramUnit, baseRamCount: task.baseRamCount ?? 0 }),
      baseRamCount: task.baseRamCount,
      files: task.files,
      filesAboveTask: task.filesAboveTask,
    },
    cpuTime:
      row.startTime === null
        ? null
        : {
            startTime: row.startTime,
            endTime: row.endTime,
            corePower,
            cores: usedCores(row.actualCores, row.cores),
            nEvents: eventsOfFiles(row.files),
            taskCpuTime: task.cpuTime,
            taskCpuTimeUnit: task.cpuTimeUnit,
            baseWalltime: task.baseWalltime ?? 0,
            cpuEfficiency: task.cpuEfficiency ?? FULL_EFFICIENCY,
          },
    taskModified: new Date(task.modified),
    measurementAsked: task.walltimeUnit === null,
  };
}

/** In the order of errorSources; a code of 0 is none. */
function errorsOf(row: FailedJobRow, added: JobErrors): JobError[] {
  const all: JobError[] = [
    { source: 'pilotErrorCode', code: row.pilotErrorCode, diag: row.pilotErrorDiag },
    { source: 'exeErrorCode', code: row.exeErrorCode, diag: row.exeErrorDiag },
    { source: 'ddmErrorCode', ...either(added.ddm, row.ddmErrorCode, row.ddmErrorDiag) },
    { source: 'transExitCode', code: Number(row.transExitCode ?? 0), diag: null },
    {
      source: 'jobDispatcherErrorCode',
      ...either(added.jobDispatcher, row.jobDispatcherErrorCode, row.jobDispatcherErrorDiag),
    },
    { source: 'taskBufferErrorCode', ...either(added.taskBuffer, row.taskBufferErrorCode, row.taskBufferErrorDiag) },
    { source: 'brokerageErrorCode', ...either(added.brokerage, row.brokerageErrorCode, row.brokerageErrorDiag) },
    { source: 'supErrorCode', ...either(added.sup, row.supErrorCode, row.supErrorDiag) },
  ];
  return all.filter(({ code }) => Number.isInteger(code) && code !== 0);
}

function either(added: JobErrors['ddm'], code: number, diag: string | null): Pick<JobError, 'code' | 'diag'> {
  return added ? { code: added.code, diag: added.diag ?? null } : { code, diag };
}
