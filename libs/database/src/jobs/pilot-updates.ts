import { topics } from '@panda/contracts';
import {
  type JobStatus,
  jobMachine,
  judgePilotUpdate,
  type PilotUpdate,
  type PilotUpdateVerdict,
  rowsOf,
  type StoredJob,
  step,
  waitingForFinalDiag,
} from '@panda/domain';
import type { Database, Tx } from '../kernel/database.js';
import { jsonParam, storableText } from '../kernel/text.js';
import { nudge } from '../outbox/nudge.js';
import {
  applyReports,
  heartbeat,
  type JobAttribute,
  type LockedJob,
  lockJobs,
  readFinalJobs,
  storeMetadata,
  storeOutputReports,
  storeStdout,
} from '../statements/job-report.js';

/** Values a pilot reported, by column; times in UTC. Texts that are too long are cut. */
export type JobAttributes = { readonly [A in JobAttribute]?: string | number | Date | null };

export interface PilotReport extends PilotUpdate {
  readonly pandaId: number;
  readonly attributes: JobAttributes;
  /** The file report of a final update, as sent. Stored in the transaction of the state change. */
  readonly outputReport?: string;
  readonly metadata?: string;
  readonly stdout?: string;
}

export interface PilotAnswer {
  readonly pandaId: number;
  /** For the pilot; null: no command. */
  readonly command: string | null;
  /** Name of the rule that decided. */
  readonly rule: string;
  /** The job as it was before the update; null when no such job is known. */
  readonly job: LockedJob | null;
}

const ACTOR = 'gateway';
const HEARTBEAT_RULE = 'a heartbeat that changes no state';

/**
 * Records what pilots report, many at once, and answers each. Heartbeats that change no state are one statement; anything
 * else is judged on locked rows and stored in one transaction: a final report is durable with its output report and the
 * nudge to the adder, or not at all. Answers are in the order of the reports. Spec: PanDA server › Job Dispatcher.
 */
export async function recordPilotUpdates(database: Database, given: readonly PilotReport[]): Promise<PilotAnswer[]> {
  const reports = given.map((report) => ({ ...report })); // answers are kept by report, and one may be given twice
  const answers = new Map<PilotReport, PilotAnswer>();
  for (const round of rounds(reports)) {
    const plain = round.filter(isPlain);
    for (const [report, answer] of await recordHeartbeats(database, plain)) answers.set(report, answer);
    const rest = round.filter((report) => !answers.has(report));
    if (rest.length === 0) continue;
    for (const [report, answer] of await database.transaction((tx) => recordJudged(tx, rest))) answers.set(report, answer);
  }
  return reports.map((report) => answers.get(report) ?? unknownJob(report));
}

/** A job may stand in a batch twice (a repeat, or two states at once): each round holds a job once, order is kept. */
function rounds(reports: readonly PilotReport[]): PilotReport[][] {
  const split: PilotReport[][] = [];
  const seen = new Map<number, number>();
  for (const report of reports) {
    const round = seen.get(report.pandaId) ?? 0;
    seen.set(report.pandaId, round + 1);
    split[round] ??= [];
    split[round].push(report);
  }
  return split;
}

function isPlain(report: PilotReport): boolean {
  return report.outputReport === undefined && report.metadata === undefined && report.stdout === undefined;
}

async function recordHeartbeats(database: Database, reports: readonly PilotReport[]): Promise<Map<PilotReport, PilotAnswer>> {
  if (reports.length === 0) return new Map();
  const rows = await database.run(heartbeat, { updates: jsonParam(reports.map(updateRow)) });
  const jobs = new Map(rows.map((row) => [row.pandaid, row]));
  return new Map(
    reports.flatMap((report) => {
      const job = jobs.get(report.pandaId);
      return job ? [[report, { pandaId: report.pandaId, command: job.commandtopilot, rule: HEARTBEAT_RULE, job }]] : [];
    }),
  );
}

async function recordJudged(tx: Tx, reports: readonly PilotReport[]): Promise<Map<PilotReport, PilotAnswer>> {
  const jobs = await jobsOf(tx, reports);
  const judged = reports.map((report) => {
    const job = jobs.get(report.pandaId) ?? null;
    return { report, job, verdict: judgePilotUpdate(job && storedJob(job), report) };
  });
  await store(tx, judged);
  return new Map(
    judged.map(({ report, job, verdict }) => [
      report,
      { pandaId: report.pandaId, command: verdict.command, rule: verdict.rule, job },
    ]),
  );
}

async function jobsOf(tx: Tx, reports: readonly PilotReport[]): Promise<Map<number, LockedJob>> {
  const ids = reports.map((report) => report.pandaId);
  const jobs = new Map((await tx.run(lockJobs, { ids })).map((job) => [job.pandaid, job]));
  const missing = ids.filter((id) => !jobs.has(id));
  if (missing.length > 0) for (const job of await tx.run(readFinalJobs, { ids: missing })) jobs.set(job.pandaid, job);
  return jobs;
}

function storedJob(job: LockedJob): StoredJob {
  return {
    status: job.jobstatus as JobStatus,
    attemptNr: job.attemptnr,
    dispatcherDiag: job.jobdispatchererrordiag,
    batchId: job.batchid,
    command: job.commandtopilot,
  };
}

interface Judged {
  readonly report: PilotReport;
  readonly job: LockedJob | null;
  readonly verdict: PilotUpdateVerdict;
}

async function store(tx: Tx, judged: readonly Judged[]): Promise<void> {
  const updates = judged.map(({ report, job, verdict }) => job && judgedRow(report, job, verdict)).filter((row) => row !== null);
  if (updates.length > 0) await tx.run(applyReports, { updates: jsonParam(updates), actor: ACTOR });
  const taken = judged.filter(({ verdict }) => verdict.effect === 'transition' || verdict.effect === 'attributes');
  await storeTexts(tx, taken);
  const final = judged.filter(({ verdict }) => verdict.storesReport);
  if (final.length === 0) return;
  await tx.run(storeOutputReports, {
    ids: final.map(({ report }) => report.pandaId),
    labels: final.map(({ job }) => job?.prodsourcelabel ?? null),
    statuses: final.map(({ report }) => report.state),
    attempts: final.map(({ job }) => job?.attemptnr ?? 0),
    data: final.map(({ report }) => storableText(report.outputReport ?? '')),
  });
  await nudge(
    tx,
    topics.jobsReported,
    final.map(({ report }) => report.pandaId),
  );
}

async function storeTexts(tx: Tx, taken: readonly Judged[]): Promise<void> {
  const metadata = taken.filter(({ report }) => report.metadata !== undefined);
  if (metadata.length > 0) {
    const ids = metadata.map(({ report }) => report.pandaId);
    await tx.run(storeMetadata, { ids, texts: metadata.map(({ report }) => storableText(report.metadata ?? '')) });
  }
  const stdout = taken.filter(({ report }) => report.stdout !== undefined);
  if (stdout.length > 0) {
    const ids = stdout.map(({ report }) => report.pandaId);
    await tx.run(storeStdout, { ids, texts: stdout.map(({ report }) => storableText(report.stdout ?? '')) });
  }
}

type UpdateRow = Record<string, string | number | boolean | Date | null | undefined>;

function updateRow(report: PilotReport): UpdateRow {
  return {
    ...report.attributes,
    pandaid: report.pandaId,
    attemptnr: report.attemptNr,
    batchid: report.batchId,
    state: report.state,
  };
}

/** Columns to write for a judged report; null when nothing is stored. */
function judgedRow(report: PilotReport, job: LockedJob, verdict: PilotUpdateVerdict): UpdateRow | null {
  const row = updateRow(report);
  if (verdict.effect === 'ignore') return null;
  if (verdict.effect === 'batchMismatch') {
    const diag = `got an update request with invalid batchID=${report.batchId}`;
    return { pandaid: report.pandaId, superrorcode: 1, superrordiag: diag };
  }
  if (verdict.effect === 'attributes' || verdict.event === undefined) return row;
  const status = job.jobstatus as JobStatus;
  const possible = rowsOf(jobMachine, verdict.event, ACTOR).some((line) => line.from.includes(status));
  if (!possible) return row;
  const target = step(jobMachine, status, verdict.event);
  const waits = verdict.event === 'pilotHolding' || verdict.event === 'pilotTransferring';
  return { ...row, target, setdiag: waits || verdict.storesReport, diag: waits ? waitingForFinalDiag : null };
}

function unknownJob(report: PilotReport): PilotAnswer {
  const verdict = judgePilotUpdate(null, report);
  return { pandaId: report.pandaId, command: verdict.command, rule: verdict.rule, job: null };
}
