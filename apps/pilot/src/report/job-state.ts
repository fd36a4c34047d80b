import type { Fields } from '../server/panda-server.js';

/** The process that holds a job; the start time tells it from a later process with the same number. */
export interface Owner {
  readonly pid: number;
  readonly startTicks: number;
}

/**
 * A job as it stands on disk, so that whoever comes after a pilot that died can still report it. `final` is the report that the server
 * has not taken yet; without it the job was still at work.
 */
export interface JobState {
  readonly pandaId: string;
  readonly attemptNr: number;
  readonly owner: Owner;
  /** Mark of the payload's processes. */
  readonly mark: string;
  readonly directory: string;
  /** Identity fields that every update has. */
  readonly identity: Fields;
  readonly final?: Fields;
}
