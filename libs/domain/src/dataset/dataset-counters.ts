import { type InputFileAttempts, inputFileOutcome, isBusy } from '../file/input-file-outcome.js';

/** Counters of an input dataset that follow its files. */
export interface InputCounters {
  readonly nFilesUsed: number;
  readonly nFilesFinished: number;
  readonly nFilesFailed: number;
  readonly nEventsUsed: number;
}

export interface CountedFile extends InputFileAttempts {
  readonly nEvents: number | null;
}

export const noCounts: InputCounters = { nFilesUsed: 0, nFilesFinished: 0, nFilesFailed: 0, nEventsUsed: 0 };

/** What one file adds to the counters of its dataset. The only place where the rule stands; deltas and recounts follow from it. */
export function countsOf(file: CountedFile): InputCounters {
  const outcome = inputFileOutcome(file);
  const finished = outcome === 'finished' ? 1 : 0;
  const failed = outcome === 'failed' ? 1 : 0;
  return {
    nFilesUsed: finished + failed + (isBusy(file) ? 1 : 0),
    nFilesFinished: finished,
    nFilesFailed: failed,
    nEventsUsed: finished * (file.nEvents ?? 0),
  };
}

/** `a + sign·b`, counter by counter. */
function combine(a: InputCounters, b: InputCounters, sign: 1 | -1): InputCounters {
  return {
    nFilesUsed: a.nFilesUsed + sign * b.nFilesUsed,
    nFilesFinished: a.nFilesFinished + sign * b.nFilesFinished,
    nFilesFailed: a.nFilesFailed + sign * b.nFilesFailed,
    nEventsUsed: a.nEventsUsed + sign * b.nEventsUsed,
  };
}

/** What the dataset's counters change by, when a file changes from `before` to `after` in the same transaction. */
export function counterDelta(before: CountedFile, after: CountedFile): InputCounters {
  return combine(countsOf(after), countsOf(before), -1);
}

export function sumOfCounts(counts: readonly InputCounters[]): InputCounters {
  return counts.reduce((sum, c) => combine(sum, c, 1), noCounts);
}

/** The counters a dataset must have, from its files. */
export function recount(files: readonly CountedFile[]): InputCounters {
  return sumOfCounts(files.map(countsOf));
}

/** Columns that tell whether a dataset still has work. */
export interface DatasetProgress {
  readonly nFiles: number;
  readonly nFilesToBeUsed: number;
  readonly nFilesUsed: number;
  readonly nFilesFinished: number;
  readonly nFilesFailed: number;
}

/**
 * Every file to be used has an outcome. A dataset of which nothing was used yet has not begun, whatever its counters say.
 * panda-jedi:pandajedi/jedicore/JediDBProxy.py `prepareTasksToBeFinished_JEDI`@42f4bb41.
 */
export function isSettled(d: DatasetProgress): boolean {
  if (d.nFilesUsed === 0 && d.nFilesToBeUsed > 0) return false;
  return d.nFilesToBeUsed <= d.nFilesFinished + d.nFilesFailed;
}

/** Event of the input dataset machine that concludes a settled dataset. Secondary datasets only follow their master. */
export function conclusionOf(d: Pick<DatasetProgress, 'nFiles' | 'nFilesFinished'>, isMaster: boolean) {
  if (!isMaster || d.nFiles === d.nFilesFinished) return 'allProcessed' as const;
  return d.nFilesFinished === 0 ? ('noneProcessed' as const) : ('partlyProcessed' as const);
}

/** Event of the output dataset machine at the end of its task. */
export function outputConclusionOf(d: Pick<DatasetProgress, 'nFiles' | 'nFilesFinished'>, taskSucceeded: boolean) {
  if (!taskSucceeded) return 'concludedFailed' as const;
  return d.nFiles > d.nFilesFinished ? ('concludedPartly' as const) : ('concludedComplete' as const);
}
