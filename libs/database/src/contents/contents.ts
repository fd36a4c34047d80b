import {
  type Actor,
  type ContentRecord,
  type EventsOf,
  type InputFileStatus,
  inputFileMachine,
  outputFileMachine,
} from '@panda/domain';
import { copyRows } from '../kernel/copy.js';
import type { Session, Tx } from '../kernel/database.js';
import * as sql from '../statements/contents.js';
import type { DatasetRef } from '../transitions/dataset.transitions.js';
import { type MovePlan, type Moves, outcomeOf, planMove } from '../transitions/plan.js';

/** A file to be added to a dataset. Attempts start at 0. */
export interface NewContent {
  readonly lfn: string;
  readonly scope: string | null;
  readonly guid: string | null;
  readonly type: string;
  readonly status: InputFileStatus;
  readonly fsize: number;
  readonly checksum?: string | null;
  readonly nEvents?: number | null;
  readonly startEvent?: number | null;
  readonly endEvent?: number | null;
  readonly firstEvent?: number | null;
  readonly boundaryId?: number | null;
  readonly lumiBlockNr?: number | null;
  readonly maxAttempt: number | null;
  readonly maxFailure?: number | null;
  readonly ramCount?: number | null;
  /** False for files that may be used any number of times: they have no outcome. */
  readonly tracked: boolean;
}

/**
 * Adds files to a dataset by COPY, in the given order (fileIDs ascend). Knowing which are new is the caller's business:
 * {@link sql.readContentKeys}. Counters of the dataset too: {@link setDatasetCounters}.
 */
export function insertContents(tx: Tx, { jediTaskId, datasetId }: DatasetRef, files: Iterable<NewContent>): Promise<number> {
  const columns =
    'jeditaskid datasetid lfn scope guid type status proc_status fsize checksum nevents startevent endevent firstevent boundaryid lumiblocknr attemptnr failedattempt maxattempt maxfailure ramcount keeptrack';
  return copyRows(tx, 'doma_panda.jedi_dataset_contents', columns.split(' '), rowsOf(jediTaskId, datasetId, files));
}

function* rowsOf(jediTaskId: number, datasetId: number, files: Iterable<NewContent>) {
  for (const f of files) {
    const identity = [jediTaskId, datasetId, f.lfn, f.scope, f.guid, f.type, f.status, f.status, f.fsize, f.checksum];
    const extent = [f.nEvents, f.startEvent, f.endEvent, f.firstEvent, f.boundaryId, f.lumiBlockNr];
    yield [...identity, ...extent, 0, 0, f.maxAttempt, f.maxFailure, f.ramCount ?? 0, f.tracked ? 1 : null];
  }
}

/** Order in which files become jobs. Spec: JEDI › Job Generator. */
export type PickOrder = 'fileId' | 'lumiBlock' | 'boundary';

const pickBy = { fileId: sql.pickFiles, lumiBlock: sql.pickFilesByLumiBlock, boundary: sql.pickFilesByBoundary } as const;

/**
 * Takes up to `limit` ready files with attempts left for job generation; they count as used at once. Files of different
 * `ramCount` are input chunks of their own: group what comes back, or ask for one value.
 */
export async function pickFiles(
  session: Session,
  dataset: DatasetRef,
  options: { limit: number; order?: PickOrder; ramCount?: number },
): Promise<(ContentRecord & { readonly ramCount: number | null })[]> {
  return session.run(pickBy[options.order ?? 'fileId'], {
    taskId: dataset.jediTaskId,
    datasetId: dataset.datasetId,
    limit: options.limit,
    ramCount: options.ramCount ?? null,
  });
}

/** Gives picked files of a task back (all of them, or the given ones), with the counters. Returns how many. */
export async function resetPickedFiles(session: Session, jediTaskId: number, fileIds?: readonly number[]): Promise<number> {
  if (fileIds && fileIds.length === 0) return 0;
  const rows = await session.run(sql.resetPicked, { taskId: jediTaskId, fileIds: fileIds ? [...fileIds] : null });
  return rows.reduce((sum, row) => sum + row.files, 0);
}

export interface FileRef {
  readonly datasetId: number;
  readonly fileId: number;
}

interface FileMove<E extends string> {
  readonly jediTaskId: number;
  readonly files: readonly FileRef[];
  readonly event: E;
  readonly actor: Actor;
  /** Also attemptNr + 1 (a retry by command). */
  readonly nextAttempt?: boolean;
}

/** Moves input files of a task by an event of their machine. Ids in the result are fileIDs. */
export function transitionInputFiles(session: Session, move: FileMove<EventsOf<typeof inputFileMachine>>): Promise<Moves> {
  return apply(session, move, planMove(inputFileMachine, move.event, move.actor));
}

/** Moves output files of a task by an event of their machine. Ids in the result are fileIDs. */
export function transitionOutputFiles(session: Session, move: FileMove<EventsOf<typeof outputFileMachine>>): Promise<Moves> {
  return apply(session, move, planMove(outputFileMachine, move.event, move.actor));
}

async function apply(session: Session, move: FileMove<string>, plan: MovePlan): Promise<Moves> {
  const ids = move.files.map((file) => file.fileId);
  if (ids.length === 0) return { moved: [], losers: [] };
  const moved = await session.run(sql.moveFiles, {
    taskId: move.jediTaskId,
    datasetIds: move.files.map((file) => file.datasetId),
    fileIds: ids,
    sources: plan.sources,
    targets: plan.targets,
    bumpAttempt: move.nextAttempt ?? false,
  });
  return outcomeOf(ids, moved);
}
