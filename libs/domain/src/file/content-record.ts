import { MIB } from '../task/task-sizes.js';

/** A row of `jedi_dataset_contents` as splitting and job building read it: a file, or a part of its events. Sizes in bytes. */
export interface ContentRecord {
  readonly fileId: number;
  readonly datasetId: number;
  readonly lfn: string;
  readonly scope: string | null;
  readonly guid: string | null;
  readonly fsize: number;
  readonly checksum: string | null;
  readonly type: string;
  readonly nEvents: number | null;
  /** Inclusive, from 0; null = the whole file. */
  readonly startEvent: number | null;
  readonly endEvent: number | null;
  /** Number of the first event over all files of the task. */
  readonly firstEvent: number | null;
  readonly boundaryId: number | null;
  readonly lumiBlockNr: number | null;
  readonly attemptNr: number;
  readonly failedAttempt: number;
  /** The last job that tried. */
  readonly pandaId: number | null;
}

type Extent = Pick<ContentRecord, 'startEvent' | 'endEvent' | 'nEvents'>;

/** Events a job finds in the record; at least 1, so that nothing divides by zero. */
export function effectiveEvents(file: Extent): number {
  if (file.startEvent !== null && file.endEvent !== null) return Math.max(1, file.endEvent - file.startEvent + 1);
  return file.nEvents !== null && file.nEvents > 0 ? file.nEvents : 1;
}

/** Size in MB as far as the record reaches into the file; pseudo files and empty ones count as 1 MB. */
export function effectiveSizeMb(file: Extent & Pick<ContentRecord, 'fsize'>): number {
  if (file.fsize === 0) return 1;
  if (file.startEvent === null || file.endEvent === null || !file.nEvents) return file.fsize / MIB;
  const bytes = Math.trunc((file.fsize * (file.endEvent - file.startEvent + 1)) / file.nEvents);
  return bytes === 0 ? 1 : bytes / MIB;
}

/** Dot-separated fields (from 1) of a file name, each with its dot; `_tid<digits>` separates too. Empty when a field is missing. */
export function nameFields(lfn: string, numbers: readonly number[]): string {
  const fields = lfn.split(/\.|_tid\d+/);
  const picked = numbers.map((n) => fields[n - 1]);
  return picked.some((field) => field === undefined) ? '' : picked.map((field) => `.${field}`).join('');
}
