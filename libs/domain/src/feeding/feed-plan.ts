import { parseDatasetAttributes } from '../dataset/dataset-attributes.js';
import { isPseudoDataset } from '../dataset/dataset-spec.js';
import { type DatasetState, datasetState } from '../dataset/dataset-type.js';
import type { ContentRecord } from '../file/content-record.js';
import { type InputFileStatus, inputFileStatus } from '../file/input-file.machine.js';
import type { TaskSpec } from '../task/task-spec.js';
import { chunksInBunch, recordsForEvents, SCOUT_CHUNKS, simulateJobs } from './bunches.js';
import type { FedDataset, FeedRules } from './feed-rules.js';
import { type FeedRecord, recordKey } from './records.js';

/** A content row that is there already. */
export interface ExistingRecord {
  readonly fileId: number;
  readonly lfn: string;
  readonly startEvent: number | null;
  readonly endEvent: number | null;
  readonly status: InputFileStatus;
  readonly nEvents: number | null;
}

/** Where task and dataset stand. */
export interface FeedSituation {
  readonly task: TaskSpec;
  readonly dataset: FedDataset;
  readonly rules: FeedRules;
  /** The task was never fed completely: its scouts are still to be chosen. */
  readonly isFirstFeed: boolean;
  /** Jobs of the task run at full rate. */
  readonly isRunning: boolean;
  /** The dataset may still grow and jobs do not wait for all of it. */
  readonly isMutable: boolean;
  readonly isPrestaging: boolean;
  /** What the data management says of the dataset. */
  readonly state: DatasetState;
  readonly nFilesToBeUsed: number;
  readonly nFilesUsed: number;
  /** Scout jobs still wanted, over all masters of the task. */
  readonly scoutChunks?: number;
}

export interface NewRecord {
  readonly record: FeedRecord;
  readonly status: InputFileStatus;
}

/** What to write for one dataset. */
export interface FeedPlan {
  readonly inserts: readonly NewRecord[];
  /** Pending rows that become usable. */
  readonly activate: readonly number[];
  /** Rows that are not listed any more. */
  readonly lost: readonly number[];
  readonly nFiles: number;
  readonly nEvents: number;
  readonly nFilesToBeUsed: number;
  readonly state: DatasetState;
  /** False: nothing became usable, the dataset is looked at again; a secondary one follows its master. */
  readonly isFilled: boolean;
  readonly scoutChunks: number;
  /** Why input waits. */
  readonly waitsFor?: string;
}

const gone: readonly InputFileStatus[] = [inputFileStatus.lost, inputFileStatus.missing];
const forgettable: readonly InputFileStatus[] = [inputFileStatus.ready, inputFileStatus.pending, inputFileStatus.staging];
const RUNNING_BUNCHES = 100;

/**
 * Compares the records of a listing with the rows that are there. Arriving input is used in bunches of whole jobs; scouts get a small part.
 * Spec: JEDI › Contents Feeder. panda-jedi:pandajedi/jedicore/JediDBProxy.py@42f4bb41 (insertFilesForDataset_JEDI).
 */
export function feedPlan(records: readonly FeedRecord[], existing: readonly ExistingRecord[], at: FeedSituation): FeedPlan {
  const listed = new Set(records.map(recordKey));
  const known = new Set(existing.map(recordKey));
  const fresh = records.filter((record) => !known.has(recordKey(record)));
  const lost = existing.filter((row) => !listed.has(recordKey(row)) && forgettable.includes(row.status));
  const lostIds = new Set(lost.map((row) => row.fileId));
  const kept = existing.filter((row) => !lostIds.has(row.fileId) && !gone.includes(row.status));
  const pending = kept.filter((row) => row.status === inputFileStatus.pending);
  const waiting = [...pending, ...(at.isMutable && !at.isPrestaging ? fresh : [])];
  const released = release(waiting, kept, at);
  const freshReleased = Math.max(0, released.count - pending.length);
  const inserts = fresh.map((record, i) => ({ record, status: intake(at, i < freshReleased) }));
  const ready =
    kept.filter((row) => row.status === inputFileStatus.ready).length +
    Math.min(released.count, pending.length) +
    inserts.filter((insert) => insert.status === inputFileStatus.ready).length;
  const used = kept.filter((row) => !forgettable.includes(row.status)).length;
  const toBeUsed = filesToBeUsed(records, { ready, used }, at);
  const nothingNew = at.isMutable && released.count === 0 && at.nFilesToBeUsed <= at.nFilesUsed;
  return {
    inserts,
    activate: pending.slice(0, released.count).map((row) => row.fileId),
    lost: lost.map((row) => row.fileId),
    nFiles: kept.length + fresh.length,
    nEvents: sumEvents(kept) + sumEvents(fresh),
    nFilesToBeUsed: toBeUsed,
    state: newState(at, kept, inserts, toBeUsed),
    isFilled: !nothingNew,
    scoutChunks: scoutChunksLeft(at, toBeUsed, records),
    ...(released.waitsFor === undefined ? {} : { waitsFor: released.waitsFor }),
  };
}

function intake({ isMutable, isPrestaging }: FeedSituation, isReleased: boolean): InputFileStatus {
  if (isPrestaging) return inputFileStatus.staging;
  return isMutable && !isReleased ? inputFileStatus.pending : inputFileStatus.ready;
}

type Waiting = Pick<ExistingRecord, 'lfn' | 'startEvent' | 'endEvent' | 'nEvents'> & Partial<FeedRecord>;

/** How many of the waiting records may be used now, oldest first. */
function release(
  waiting: readonly Waiting[],
  kept: readonly ExistingRecord[],
  at: FeedSituation,
): { count: number; waitsFor?: string } {
  const { task, rules } = at;
  const staging = kept.some((row) => row.status === inputFileStatus.staging);
  const complete = at.isPrestaging && !staging;
  if (!at.isMutable || !at.dataset.isMaster || complete) return { count: waiting.length };
  const chunks = chunksInBunch(task, scoutsWanted(at));
  if (task.splitRule.get('respectSplitRule')) {
    const bunches = at.isRunning ? RUNNING_BUNCHES : 1;
    const { files, isEnough } = simulateJobs(task, streamOf(at.dataset), waiting.map(asContent), {
      chunks,
      bunches,
      isOpen: true,
    });
    return isEnough ? { count: files } : { count: 0, waitsFor: 'not enough files' };
  }
  if (isEventSplit(at)) {
    const events = chunks * (rules.eventsPerJob ?? 1);
    const size = recordsForEvents(waiting, events);
    const enough = size > 0 && sumEvents(waiting.slice(0, size)) >= events;
    if (enough) return { count: Math.floor(waiting.length / size) * size };
    return { count: 0, waitsFor: `${sumEvents(waiting)} events (${waiting.length} files) available, ${events} events required` };
  }
  const size = chunks * (task.splitRule.get('nFilesPerJob') || 1);
  if (waiting.length >= size) return { count: Math.floor(waiting.length / size) * size };
  return { count: 0, waitsFor: `${waiting.length} files available, ${size} files required` };
}

/** Scout jobs to choose input for; null = none. */
function scoutsWanted(at: FeedSituation): number | null {
  return at.rules.useScout && !at.isRunning ? (at.scoutChunks ?? SCOUT_CHUNKS) : null;
}

/** Jobs are cut by events, not by files. */
function isEventSplit({ task, rules }: FeedSituation): boolean {
  return rules.eventsPerJob !== null && !task.splitRule.get('nFilesPerJob');
}

/** Records that jobs may be made of: a few for scouts first, else all that are usable or used. */
function filesToBeUsed(records: readonly FeedRecord[], counts: { ready: number; used: number }, at: FeedSituation): number {
  const { task } = at;
  const all = counts.ready + counts.used;
  const scouts = scoutsWanted(at);
  if (scouts === null || task.splitRule.has('loadXML')) return all;
  // The scouts were chosen at the first feed: input that came later waits for the avalanche.
  if (!at.isFirstFeed) return at.nFilesToBeUsed;
  if (task.splitRule.get('respectSplitRule')) {
    if (at.isMutable) return all;
    const simulation = { chunks: scouts, bunches: 1, isOpen: false };
    return simulateJobs(task, streamOf(at.dataset), records.map(asContent), simulation).files + counts.used;
  }
  const some = isEventSplit(at)
    ? Math.max(recordsForEvents(records, scouts * (at.rules.eventsPerJob ?? 1)), at.nFilesToBeUsed)
    : scouts * (task.splitRule.get('nFilesPerJob') || 1);
  return counts.ready > some ? some : all;
}

function scoutChunksLeft(at: FeedSituation, toBeUsed: number, records: readonly FeedRecord[]): number {
  const before = at.scoutChunks ?? SCOUT_CHUNKS;
  if (!at.rules.useScout) return before;
  const perJob = at.task.splitRule.get('nFilesPerJob') || 1;
  const jobs = isEventSplit(at)
    ? Math.ceil(sumEvents(records.slice(0, toBeUsed)) / (at.rules.eventsPerJob ?? 1))
    : Math.ceil(toBeUsed / perJob);
  return Math.max(0, before - jobs);
}

function newState(
  at: FeedSituation,
  kept: readonly ExistingRecord[],
  inserts: readonly NewRecord[],
  toBeUsed: number,
): DatasetState {
  const { rules } = at;
  const perFile =
    rules.eventsPerFile !== null && rules.eventsPerJob !== null ? Math.max(1, rules.eventsPerFile / rules.eventsPerJob) : 1;
  const required = rules.maxFiles === null ? null : Math.floor(rules.maxFiles * perFile);
  if (at.isMutable && required !== null && toBeUsed >= required) return datasetState.open;
  const staging = [...kept, ...inserts].some((row) => row.status === inputFileStatus.staging);
  return at.isPrestaging && !staging && at.dataset.isMaster ? datasetState.closed : at.state;
}

function sumEvents(rows: readonly Waiting[]): number {
  return rows.reduce((sum, row) => {
    const part = row.startEvent === null || row.endEvent === null ? row.nEvents : row.endEvent - row.startEvent + 1;
    return sum + (part ?? 0);
  }, 0);
}

const streamOf = (dataset: FedDataset) => ({
  datasetId: dataset.datasetId,
  datasetName: dataset.datasetName,
  containerName: dataset.containerName,
  type: dataset.type,
  streamName: null,
  attributes: parseDatasetAttributes(dataset.attributes),
  storageToken: null,
  destination: null,
  isPseudo: isPseudoDataset(dataset),
  site: null,
});

/** A waiting record as the splitter reads it; size unknown of rows that were read by key only. */
function asContent(row: Waiting): ContentRecord {
  return {
    fileId: 0,
    datasetId: 0,
    lfn: row.lfn,
    scope: null,
    guid: null,
    fsize: row.fsize ?? 0,
    checksum: null,
    type: '',
    nEvents: row.nEvents,
    startEvent: row.startEvent,
    endEvent: row.endEvent,
    firstEvent: null,
    boundaryId: null,
    lumiBlockNr: row.lumiBlockNr ?? null,
    attemptNr: 0,
    failedAttempt: 0,
    pandaId: null,
  };
}
