import { busyInputFileStatuses, type InputFileStatus, inputFileStatus } from './input-file.machine.js';

/** The columns that decide on an input row of JEDI_DATASET_CONTENTS. */
export interface InputFileAttempts {
  readonly status: InputFileStatus;
  readonly attemptNr: number;
  readonly maxAttempt: number | null;
  readonly failedAttempt: number;
  readonly maxFailure: number | null;
}

export type InputFileOutcome = 'finished' | 'failed' | 'lost' | 'broken' | 'open';

/** No attempt is left: by number of attempts, or by number of failed ones. */
export function attemptsExhausted(file: Omit<InputFileAttempts, 'status'>): boolean {
  if (file.maxAttempt === null) return false;
  return file.attemptNr >= file.maxAttempt || (file.maxFailure !== null && file.failedAttempt >= file.maxFailure);
}

/**
 * What became of an input file. A file without attempts stays `ready` in the table, so readers ask this function, not the column.
 * panda-server:pandaserver/taskbuffer/db_proxy_mods/task_complex_module.py@9cc3603.
 */
export function inputFileOutcome(file: InputFileAttempts): InputFileOutcome {
  switch (file.status) {
    case inputFileStatus.finished:
      return 'finished';
    case inputFileStatus.failed:
    case inputFileStatus.cancelled:
      return 'failed';
    case inputFileStatus.missing:
    case inputFileStatus.lost:
      return 'lost';
    case inputFileStatus.broken:
      return 'broken';
    case inputFileStatus.ready:
      return attemptsExhausted(file) ? 'failed' : 'open';
    default:
      return 'open';
  }
}

/** May the job generator take it? */
export function isUsable(file: InputFileAttempts): boolean {
  return file.status === inputFileStatus.ready && !attemptsExhausted(file);
}

const busy: readonly InputFileStatus[] = busyInputFileStatuses;

/** A job has it, or is about to. */
export function isBusy(file: Pick<InputFileAttempts, 'status'>): boolean {
  return busy.includes(file.status);
}

/**
 * The attempt counters after a job that used the file ended without processing it: every end costs an attempt, only a failed job
 * costs a failed attempt. panda-server:pandaserver/taskbuffer/OraDBProxy.py `propagateResultToJEDI`@34d4b8f3.
 */
export function afterUnsuccessfulAttempt<F extends InputFileAttempts>(file: F, jobFailed: boolean): F {
  return {
    ...file,
    status: inputFileStatus.ready,
    attemptNr: file.attemptNr + 1,
    failedAttempt: file.failedAttempt + (jobFailed ? 1 : 0),
  };
}
