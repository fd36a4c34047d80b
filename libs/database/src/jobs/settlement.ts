import {
  type Actor,
  type EventsOf,
  finalJobStatuses,
  type JobStatus,
  jobMachine,
  jobStatus,
  outputFileMachine,
  outputFileStatus,
  rowsOf,
} from '@panda/domain';
import type { Tx } from '../kernel/database.js';
import { jsonParam } from '../kernel/text.js';
import { lockJobs } from '../statements/job-report.js';
import * as sql from '../statements/settlement.js';
import { errorParams, type JobErrors, type JobEvent, transitionJobs } from '../transitions/job.transitions.js';
import { planMove } from '../transitions/plan.js';

export type OutputFileEvent = EventsOf<typeof outputFileMachine>;

/** What became of an output or log file. Fields that are absent keep what is stored. */
export interface OutputOutcome {
  /** The JEDI row behind the file; null for jobs that no task made, whose files are found by name. */
  readonly jediTaskId: number | null;
  readonly datasetId: number | null;
  readonly fileId: number | null;
  readonly scope: string;
  readonly lfn: string;
  readonly event: OutputFileEvent;
  readonly guid?: string;
  readonly fsizeBytes?: number;
  /** `ad:…` or an MD5 sum. */
  readonly checksum?: string;
  readonly nEvents?: number;
  readonly lumiBlockNr?: number;
}

/** How a job ends. Jobs that do not succeed need name no outputs: theirs are failed or cancelled with them. */
export interface JobOutcome {
  readonly pandaId: number;
  /** An event that leads to a final state. */
  readonly event: JobEvent;
  readonly errors?: JobErrors;
  readonly jobSubStatus?: string;
  readonly lostHeartbeat?: boolean;
  /** Only if the job has been silent for so many seconds (D6). */
  readonly idleS?: number;
  readonly nEvents?: number;
  readonly outputs?: readonly OutputOutcome[];
  /** fileIDs of inputs a successful job did not process: they get another attempt. */
  readonly unprocessedInputs?: readonly number[];
  /** Lowers the attempts of the inputs (retry rules no_retry, limit_retry). */
  readonly maxAttempt?: number;
  /** Raises the memory of the next attempt, MB (retry rule increase_memory). */
  readonly ramCountMb?: number;
}

export interface Settlement {
  readonly settled: readonly { pandaId: number; jediTaskId: number | null; from: string; to: string }[];
  /** Jobs in another state by now: nothing of them changed. */
  readonly losers: readonly number[];
  /** Jobs that would have succeeded, but an output of theirs is registered by another job (F3): they failed instead. */
  readonly duplicates: readonly number[];
  /** Tasks with something settled; `retriable`: input came back for another attempt. */
  readonly tasks: readonly { jediTaskId: number; retriable: boolean }[];
}

/** ddmErrorCode of the adder. panda-server:pandaserver/dataservice/ErrorCode.py@34d4b8f3 */
const EC_ADDER = 200;

/**
 * Ends jobs with all that follows, set by set in one transaction: outputs registered once, job final with log row, input
 * files finished or returned for another attempt, output files, dataset counters by what really changed, report removed.
 * Lock order TX4. Nudging is the caller's: it knows which topics follow. Give it some hundred jobs of one task at once.
 */
export async function settle(tx: Tx, actor: Actor, outcomes: readonly JobOutcome[]): Promise<Settlement> {
  const possible = await lockEndable(tx, actor, outcomes);
  const duplicates = await registerAll(tx, possible);
  const effective = possible.map((outcome) => (duplicates.has(outcome.pandaId) ? asDuplicate(outcome) : outcome));
  const ended = effective.length > 0 ? await endAll(tx, actor, effective) : [];
  const settledIds = new Set(ended.map((job) => job.id));
  const done = effective.filter((outcome) => settledIds.has(outcome.pandaId));
  const losers = outcomes.map((outcome) => outcome.pandaId).filter((id) => !settledIds.has(id));
  const inputs = done.length > 0 ? await tx.run(sql.settleInputs, { jobs: jsonParam(done.map(inputRow)) }) : [];
  const outputs = await settleFiles(tx, done);
  await addDeltas(tx, [...inputs, ...outputs]);
  const retriable = new Set(inputs.filter((delta) => delta.retriable > 0).map((delta) => delta.jeditaskid));
  const tasks = new Set(ended.flatMap((job) => job.jeditaskid ?? []));
  return {
    settled: ended.map((job) => ({ pandaId: job.id, jediTaskId: job.jeditaskid, from: job.from, to: job.to })),
    losers,
    duplicates: [...duplicates].filter((id) => settledIds.has(id)),
    tasks: [...tasks].map((jediTaskId) => ({ jediTaskId, retriable: retriable.has(jediTaskId) })),
  };
}

/** Locks the jobs first: outputs are registered for jobs only that can still end by their event. */
async function lockEndable(tx: Tx, actor: Actor, outcomes: readonly JobOutcome[]): Promise<JobOutcome[]> {
  const locked = await tx.run(lockJobs, { ids: outcomes.map((outcome) => outcome.pandaId) });
  const statuses = new Map(locked.map((job) => [job.pandaid, job.jobstatus]));
  return outcomes.filter((outcome) => targetOf(outcome.event, actor).sources.includes(statuses.get(outcome.pandaId) ?? ''));
}

function targetOf(event: JobEvent, actor: Actor): { sources: string[]; target: JobStatus } {
  const plan = planMove(jobMachine, event, actor);
  const [target] = plan.targets;
  if (!finalJobStatuses.includes(target as JobStatus)) throw new Error(`job event '${event}' ends no job`);
  return { sources: plan.sources, target: target as JobStatus };
}

function succeeds(outcome: JobOutcome): boolean {
  return rowsOf(jobMachine, outcome.event).every((row) => row.to === jobStatus.finished);
}

async function registerAll(tx: Tx, outcomes: readonly JobOutcome[]): Promise<Set<number>> {
  const claims = outcomes
    .filter(succeeds)
    .flatMap(({ pandaId, outputs = [] }) =>
      outputs.filter(({ event }) => becomesFinished(event)).map((output) => ({ pandaId, ...output })),
    );
  if (claims.length === 0) return new Set();
  const registered = await tx.run(sql.registerOutputs, {
    scopes: claims.map((c) => c.scope),
    lfns: claims.map((c) => c.lfn),
    guids: claims.map((c) => c.guid || null),
    pandaIds: claims.map((c) => c.pandaId),
    taskIds: claims.map((c) => c.jediTaskId),
    datasetIds: claims.map((c) => c.datasetId),
    fileIds: claims.map((c) => c.fileId),
  });
  const known = new Set(registered.map((row) => `${row.scope}:${row.lfn}`));
  const duplicates = new Set(claims.filter((c) => !known.has(`${c.scope}:${c.lfn}`)).map((c) => c.pandaId));
  if (duplicates.size > 0) await tx.run(sql.unregisterOutputs, { pandaIds: [...duplicates] });
  return duplicates;
}

function asDuplicate(outcome: JobOutcome): JobOutcome {
  const diag = 'an output file of this job is already registered by another job';
  return { pandaId: outcome.pandaId, event: 'outputFailed', errors: { ...outcome.errors, ddm: { code: EC_ADDER, diag } } };
}

function endAll(tx: Tx, actor: Actor, outcomes: readonly JobOutcome[]) {
  const jobs = outcomes.map((outcome) => {
    const errors = errorParams(outcome.errors ?? {});
    return {
      ...Object.fromEntries(Object.entries(errors).map(([name, value]) => [name.toLowerCase(), value])),
      ...targetOf(outcome.event, actor),
      pandaid: outcome.pandaId,
      substatus: outcome.jobSubStatus,
      lostheartbeat: outcome.lostHeartbeat ?? false,
      idles: outcome.idleS,
      nevents: outcome.nEvents,
      noutputdatafiles: outcome.outputs?.length,
      outputfilebytes: outcome.outputs && bytesOf(outcome.outputs),
    };
  });
  return tx.run(sql.settleJobs, { jobs: jsonParam(jobs), actor });
}

/** Source: panda-server:pandaserver/dataservice/AdderGen.py@34d4b8f3: the column holds eleven digits. */
const OUTPUT_BYTES_MAX = 99_999_999_999;

function bytesOf(outputs: readonly OutputOutcome[]): number {
  return Math.min(
    OUTPUT_BYTES_MAX,
    outputs.reduce((sum, { fsizeBytes = 0 }) => sum + fsizeBytes, 0),
  );
}

function inputRow(outcome: JobOutcome) {
  return {
    pandaid: outcome.pandaId,
    succeeded: succeeds(outcome),
    failed: rowsOf(jobMachine, outcome.event).some((row) => row.to === jobStatus.failed),
    maxattempt: outcome.maxAttempt,
    ramcount: outcome.ramCountMb,
    unprocessed: outcome.unprocessedInputs?.map(String),
  };
}

async function settleFiles(tx: Tx, done: readonly JobOutcome[]): Promise<sql.DatasetDelta[]> {
  const silent = done.filter((outcome) => outcome.outputs === undefined);
  const named = done.flatMap(({ pandaId, outputs = [] }) => outputs.map((output) => outputRow(pandaId, output)));
  const derived = silent.length > 0 ? await failedOutputs(tx, silent) : [];
  const files = [...named, ...derived];
  return files.length > 0 ? tx.run(sql.settleOutputs, { files: jsonParam(files) }) : [];
}

async function failedOutputs(tx: Tx, outcomes: readonly JobOutcome[]) {
  const ended = new Map(outcomes.map((outcome) => [outcome.pandaId, outcome]));
  const rows = await tx.run(sql.readOutputsOfJobs, { ids: [...ended.keys()] });
  return rows.flatMap((row) => {
    const outcome = ended.get(row.pandaid);
    if (!outcome || succeeds(outcome)) return [];
    const failed = inputRow(outcome).failed;
    const { pandaid, jeditaskid: jediTaskId, datasetid: datasetId, fileid: fileId, lfn, scope } = row;
    const output = { jediTaskId, datasetId, fileId, lfn, scope: scope ?? '' };
    return [outputRow(pandaid, { ...output, event: failed ? 'notProduced' : 'cancelled' })];
  });
}

/**
 * Jobs whose output must be merged first: they stay alive as `merging`, their inputs wait, their unmerged outputs become
 * input of merge jobs. The merge's end settles both. Returns the PandaIDs that moved. Spec: JEDI › Merging.
 */
export async function holdForMerge(
  tx: Tx,
  actor: Actor,
  jobs: readonly { readonly pandaId: number; readonly outputs: readonly OutputOutcome[] }[],
): Promise<number[]> {
  const { moved } = await transitionJobs(tx, { ids: jobs.map((job) => job.pandaId), event: 'mergeNeeded', actor });
  const ids = moved.map((move) => move.id);
  if (ids.length === 0) return [];
  await tx.run(sql.holdInputs, { ids });
  const files = jobs
    .filter((job) => ids.includes(job.pandaId))
    .flatMap(({ pandaId, outputs }) => outputs.map((o) => outputRow(pandaId, o)));
  if (files.length > 0) await addDeltas(tx, await tx.run(sql.settleOutputs, { files: jsonParam(files) }));
  return ids;
}

function becomesFinished(event: OutputFileEvent): boolean {
  return rowsOf(outputFileMachine, event).some((row) => row.to === outputFileStatus.finished);
}

/** FILESTABLE4.status words. panda-server:pandaserver/dataservice/AdderGen.py@34d4b8f3 */
function listedStatus(event: OutputFileEvent): string {
  if (becomesFinished(event)) return 'ready';
  if (event === 'withoutOutput') return outputFileStatus.nooutput;
  return event === 'toBeMerged' ? outputFileStatus.merging : outputFileStatus.failed;
}

function outputRow(pandaId: number, output: OutputOutcome) {
  const rows = rowsOf(outputFileMachine, output.event);
  return {
    pandaid: pandaId,
    jeditaskid: output.jediTaskId,
    datasetid: output.datasetId,
    fileid: output.fileId,
    sources: rows.flatMap((row) => row.from),
    target: rows[0]?.to,
    filestatus: listedStatus(output.event),
    lfn: output.lfn,
    guid: output.guid,
    fsize: output.fsizeBytes,
    checksum: output.checksum,
    nevents: output.nEvents,
    lumiblocknr: output.lumiBlockNr,
    tobemerged: output.event === 'toBeMerged',
  };
}

async function addDeltas(tx: Tx, deltas: readonly sql.DatasetDelta[]): Promise<void> {
  const some = deltas.filter((d) => d.used !== 0 || d.finished !== 0 || d.failed !== 0 || d.onhold !== 0 || d.events !== 0);
  if (some.length === 0) return;
  await tx.run(sql.addToDatasets, {
    taskIds: some.map((d) => d.jeditaskid),
    datasetIds: some.map((d) => d.datasetid),
    used: some.map((d) => d.used),
    finished: some.map((d) => d.finished),
    failed: some.map((d) => d.failed),
    onHold: some.map((d) => d.onhold),
    events: some.map((d) => d.events),
  });
}
