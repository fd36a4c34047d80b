import { Injectable } from '@nestjs/common';
import { topics } from '@panda/contracts';
import { type Actor, inputFileStatus, outputFileStatus, taskBufferErrorCode } from '@panda/domain';
import { holdForMerge, type JobOutcome, type OutputOutcome, type Settlement, settle } from '../jobs/settlement.js';
import { Database, type Tx } from '../kernel/database.js';
import { nudge } from '../outbox/nudge.js';
import * as sql from '../statements/adder.js';
import { transitionJobs } from '../transitions/job.transitions.js';

const ACTOR: Actor = 'daemon';
/** A settlement rarely takes a second; a lock this old belongs to an adder that died. */
const STALE_S = 180;

/** What one batch of a task's jobs comes to. */
export interface TaskBatch {
  readonly jediTaskId: number | null;
  readonly outcomes: readonly JobOutcome[];
  /** Jobs whose outputs are merged before they count. */
  readonly merging: readonly { readonly pandaId: number; readonly outputs: readonly OutputOutcome[] }[];
}

/** The database side of the adder: a batch of jobs of one task is settled in one transaction, with all that follows. */
@Injectable()
export class AdderRepository {
  constructor(private readonly database: Database) {}

  claim(claim: string, ids: readonly number[] | null, limit: number) {
    return this.database.run(sql.claimReports, { ids: ids && [...ids], claim, staleS: STALE_S, limit });
  }

  async release(claim: string): Promise<void> {
    await this.database.run(sql.releaseReports, { claim });
  }

  /** The jobs of the claimed reports; reports of jobs that ended meanwhile are dropped. */
  async look(claim: string): Promise<sql.ReportedJobRow[]> {
    await this.database.run(sql.dropStaleReports, { claim });
    return this.database.run(sql.reportedJobs, { claim });
  }

  settle(batch: TaskBatch): Promise<Settlement> {
    return this.database.transaction(async (tx) => {
      await holdForMerge(tx, ACTOR, batch.merging);
      const settlement = await settle(tx, ACTOR, batch.outcomes);
      await this.followUp(tx, batch, settlement);
      return settlement;
    });
  }

  private async followUp(tx: Tx, batch: TaskBatch, { settled, tasks }: Settlement): Promise<void> {
    const ids = settled.map(({ pandaId }) => pandaId);
    const ended = [...tasks];
    if (ids.length > 0) {
      if (batch.jediTaskId !== null) await deliver(tx, batch.jediTaskId, batch, ids);
      ended.push(...(await endDependents(tx, ids)), ...(await endMergedParents(tx, ids)));
    }
    const touched = new Set([
      ...ended.map(({ jediTaskId }) => jediTaskId),
      ...(batch.merging.length > 0 && batch.jediTaskId !== null ? [batch.jediTaskId] : []),
    ]);
    await nudge(tx, topics.taskProgressed, [...touched]);
    const again = ended.filter(({ retriable }) => retriable).map(({ jediTaskId }) => jediTaskId);
    const toMerge = batch.merging.length > 0 && batch.jediTaskId !== null ? [batch.jediTaskId] : [];
    await nudge(tx, topics.taskReady, [...new Set([...again, ...toMerge])]);
  }
}

/** Files that other jobs of the task wait for: with the last one a job can be handed out. */
async function deliver(tx: Tx, taskId: number, { outcomes }: TaskBatch, settled: readonly number[]): Promise<void> {
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

/** Jobs that waited for a file of a job that ended without it fail with it; their input gets another attempt. */
async function endDependents(tx: Tx, makers: readonly number[]): Promise<Settlement['tasks']> {
  const waiting = await tx.run(sql.jobsWithoutInput, { makers: [...makers] });
  const errors = {
    taskBuffer: { code: taskBufferErrorCode.wait, diag: 'the job that was to make an input of this job did not succeed' },
  };
  const outcomes = waiting.map(({ pandaId }) => ({ pandaId, event: 'setupFailed' as const, errors }));
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
