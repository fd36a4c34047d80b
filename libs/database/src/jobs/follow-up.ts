import { topics } from '@panda/contracts';
import {
  type Actor,
  commandedTaskStatuses,
  inputFileStatus,
  outputFileStatus,
  postProcessableTaskStatuses,
  taskBufferErrorCode,
} from '@panda/domain';
import type { Tx } from '../kernel/database.js';
import { nudge } from '../outbox/nudge.js';
import { wakeReleased } from '../repositories/released-tasks.js';
import * as sql from '../statements/adder.js';
import { transitionJobs } from '../transitions/job.transitions.js';
import { type JobOutcome, type Settlement, settle } from './settlement.js';

/** Whoever ends the jobs: what follows from their end is settled in the name of the daemon. */
const ACTOR: Actor = 'daemon';

/** What users look for in the error text, word for word. */
const UPSTREAM_FAILED = 'upstream job failed: the job that was to make an input of this job did not succeed';

interface Delivered {
  readonly jediTaskId: number;
  readonly outcomes: readonly JobOutcome[];
}

/**
 * Ends jobs and does all that follows in the same transaction: jobs that wait for their output start or fail, jobs whose
 * output they merged end, and the agents whose turn it is are woken. The only way in which jobs end.
 */
export async function endJobs(tx: Tx, actor: Actor, outcomes: readonly JobOutcome[]): Promise<Settlement> {
  if (outcomes.length === 0) return { settled: [], losers: [], duplicates: [], tasks: [] };
  const settlement = await settle(tx, actor, outcomes);
  await followUp(tx, settlement);
  return settlement;
}

/** What follows from settled jobs; `delivers` names the outputs for which other jobs of the task wait. */
export async function followUp(
  tx: Tx,
  { settled, tasks }: Settlement,
  { delivers }: { delivers?: Delivered } = {},
): Promise<void> {
  const ids = settled.map(({ pandaId }) => pandaId);
  if (ids.length === 0) return;
  if (delivers) await deliver(tx, delivers, ids);
  const ended = [...tasks, ...(await endDependents(tx, ids)), ...(await endMergedParents(tx, ids))];
  const touched = [...new Set(ended.map(({ jediTaskId }) => jediTaskId))];
  await nudge(tx, topics.taskProgressed, touched);
  const again = ended.filter(({ retriable }) => retriable).map(({ jediTaskId }) => jediTaskId);
  await nudge(tx, topics.taskReady, [...new Set(again)]);
  await wakeLeaving(tx, touched);
}

/** Tasks that wait for the end of their jobs to be concluded, or for a command to be done, are looked at again. */
async function wakeLeaving(tx: Tx, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  const statuses = [...commandedTaskStatuses, ...postProcessableTaskStatuses];
  await wakeReleased(tx, await tx.run(sql.tasksInStates, { ids: [...ids], statuses }));
}

/** Files that other jobs of the task wait for: with the last one a job can be handed out. */
async function deliver(tx: Tx, { jediTaskId: taskId, outcomes }: Delivered, settled: readonly number[]): Promise<void> {
  const fileIds = outcomes
    .filter(({ pandaId }) => settled.includes(pandaId))
    .flatMap(({ outputs = [] }) => outputs.flatMap(({ fileId }) => fileId ?? []));
  if (fileIds.length === 0) return;
  const waiting = await tx.run(sql.deliverInputs, { taskId, fileIds });
  await transitionJobs(tx, {
    ids: waiting.filter(({ complete }) => complete).map(({ pandaId }) => pandaId),
    event: 'inputReady',
    actor: ACTOR,
  });
}

/**
 * Jobs that wait for a file of a job that ended without it never ran: the system closes them, and their input gets another attempt.
 * Spec: User Guide › FAQ ("upstream job failed").
 */
async function endDependents(tx: Tx, makers: readonly number[]): Promise<Settlement['tasks']> {
  const waiting = await tx.run(sql.jobsWithoutInput, { makers: [...makers] });
  const errors = { taskBuffer: { code: taskBufferErrorCode.kill, diag: UPSTREAM_FAILED } };
  const outcomes = waiting.map(({ pandaId }) => ({ pandaId, event: 'closed' as const, errors }));
  return outcomes.length > 0 ? (await settle(tx, ACTOR, outcomes)).tasks : [];
}

/** The end of a merge ends the jobs whose outputs it merged. */
async function endMergedParents(tx: Tx, mergeJobs: readonly number[]): Promise<Settlement['tasks']> {
  const settledFiles = [
    outputFileStatus.finished,
    outputFileStatus.notmerged,
    outputFileStatus.failed,
    outputFileStatus.cancelled,
  ];
  const parents = await tx.run(sql.mergedParents, {
    mergeJobs: [...mergeJobs],
    settled: settledFiles,
    finished: inputFileStatus.finished,
  });
  const outcomes = parents.map(({ pandaId, merged }) => ({
    pandaId,
    event: merged ? ('succeeded' as const) : ('outputFailed' as const),
    outputs: [],
  }));
  return outcomes.length > 0 ? (await settle(tx, ACTOR, outcomes)).tasks : [];
}
