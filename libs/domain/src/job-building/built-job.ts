import type { JobStatus } from '../job/job.machine.js';

/** Columns by name; absent = the column's default. */
export type Columns = Readonly<Record<string, string | number | null>>;

/** A row of the jobs table without state and times, PanDA's column names. */
export type JobColumns = Columns & { readonly pandaid: number };
/** A row of the job's files. */
export type JobFileColumns = Columns & { readonly lfn: string; readonly type: string };

/** An input record that must still be picked, with this attempt, when the job is stored. */
export interface TrackedFile {
  readonly jediTaskId: number;
  readonly datasetId: number;
  readonly fileId: number;
  readonly attemptNr: number;
}

/** A new record of an output dataset. */
export interface NewOutputFile {
  readonly jediTaskId: number;
  readonly datasetId: number;
  readonly fileId: number;
  readonly lfn: string;
  readonly type: string;
  readonly scope: string | null;
  readonly boundaryId?: number | null;
}

/** A job this one follows. */
export interface Ancestor {
  readonly pandaId: number;
  readonly relation: string;
  readonly originPandaId: number;
}

/** A job ready to be stored with everything that belongs to it, in one transaction. */
export interface BuiltJob {
  readonly job: JobColumns;
  /** Absent = the job may be handed out at once. */
  readonly status?: JobStatus;
  readonly files: readonly JobFileColumns[];
  readonly jobParameters: string;
  readonly inputs: readonly TrackedFile[];
  readonly outputs: readonly NewOutputFile[];
  readonly retryOf: readonly Ancestor[];
}
