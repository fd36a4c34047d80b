import { Injectable } from '@nestjs/common';
import { topics } from '@panda/contracts';
import {
  type Conclusion,
  conclusionOf,
  datasetState,
  drivingDatasetTypes,
  eventStatusCodes,
  hopelessParentStatuses,
  inputFileStatus,
  type KillCode,
  outputConclusionOf,
  productDatasetTypes,
  progressOf,
  type TaskStatus,
  taskStatus,
  terminalTaskStatuses,
} from '@panda/domain';
import { killJobs } from '../jobs/kill.js';
import { Database, type Tx } from '../kernel/database.js';
import { nudge } from '../outbox/nudge.js';
import * as sql from '../statements/post-processing.js';
import { liveJobsOfTasks, setNextAction } from '../statements/work-lists.js';
import { transitionInputDatasets, transitionOutputDatasets } from '../transitions/dataset.transitions.js';
import { transitionTasks } from '../transitions/task.transitions.js';
import { MAIL } from './mail.repository.js';
import { wakeReleased } from './released-tasks.js';

const ACTOR = 'jedi-post-processor';
/** Owners of these tasks are people who wait. */
const USER = 'user';
/** Force kill by JEDI. */
const FORCE_KILL: KillCode = 52;

/** The database side of post-processing: each task ends in one transaction. */
@Injectable()
export class ConclusionRepository {
  constructor(private readonly database: Database) {}

  look(claim: string, ids: readonly number[]): Promise<sql.TaskToConclude[]> {
    const { finished, done, merged } = eventStatusCodes;
    return this.database.run(sql.tasksToConclude, {
      ids: [...ids],
      claim,
      driving: [...drivingDatasetTypes],
      produced: [...productDatasetTypes],
      finishedEvents: [finished, done, merged],
    });
  }

  /** Scouts are measured: the task runs at full rate from now on. */
  async openAvalanche(claim: string, scouted: readonly number[]): Promise<number> {
    return this.database.transaction(async (tx) => {
      const { moved } = await transitionTasks(tx, {
        ids: scouted,
        event: 'avalanched',
        actor: ACTOR,
        claim,
        unlock: true,
        errorDialog: null,
      });
      const ids = moved.map(({ id }) => id);
      await nudge(tx, topics.taskReady, ids);
      // A small task may have had no input beside its scouts': it is finalised at once.
      await nudge(tx, topics.taskProgressed, ids);
      return moved.length;
    });
  }

  /** A broken or aborted task needs its jobs no more: all of them end at once. Returns how many. */
  async endJobs(task: sql.TaskToConclude): Promise<number> {
    return this.database.transaction(async (tx) => {
      const jobs = await tx.run(liveJobsOfTasks, { taskIds: [task.id] });
      const { ended } = await killJobs(tx, {
        ids: jobs.map(({ pandaId }) => pandaId),
        code: FORCE_KILL,
        actor: ACTOR,
        diag: `task ${task.id} is ${task.status}`,
      });
      return ended.length;
    });
  }

  /** The next files of an output dataset. */
  producedFiles(taskId: number, datasetId: number, after: number, limit: number): Promise<sql.ProducedFile[]> {
    return this.database.run(sql.producedFiles, { taskId, datasetId, after, limit });
  }

  /** Final state, datasets and figures; children are ended with a task that failed, and woken by any other. False = the claim was lost. */
  async conclude(claim: string, task: sql.TaskToConclude, conclusion: Conclusion): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const dialog =
        conclusion.event === 'allSucceeded' || conclusion.event === 'concludedBroken' ? {} : { errorDialog: conclusion.reason };
      const { moved } = await transitionTasks(tx, {
        ids: [task.id],
        event: conclusion.event,
        actor: ACTOR,
        claim,
        unlock: true,
        frozen: 'clear',
        ...dialog,
      });
      const [move] = moved;
      if (!move) return false;
      const status = move.to as TaskStatus;
      if (terminalTaskStatuses.includes(status)) await settleDatasets(tx, task, !isHopeless(status));
      const { progress, failureRate } = progressOf(task.masters);
      await tx.run(sql.writeFigures, {
        id: task.id,
        progress,
        failureRate,
        goodJobs: inputFileStatus.finished,
        master: [...drivingDatasetTypes],
      });
      await tellChildren(tx, task.id, status);
      if (task.label === USER && terminalTaskStatuses.includes(status)) {
        await tx.run(setNextAction, { kind: MAIL, ids: [task.id], inS: 0, reason: `the owner is told: ${status}` });
      }
      return true;
    });
  }
}

async function settleDatasets(tx: Tx, task: sql.TaskToConclude, succeeded: boolean): Promise<void> {
  const ref = ({ datasetId }: { datasetId: number }) => ({ jediTaskId: task.id, datasetId });
  for (const event of ['allProcessed', 'partlyProcessed', 'noneProcessed'] as const) {
    const datasets = task.masters.filter((master) => conclusionOf(master, true) === event).map(ref);
    await transitionInputDatasets(tx, { datasets, event, actor: ACTOR });
  }
  await transitionOutputDatasets(tx, { datasets: task.outputs.map(ref), event: 'inputSettled', actor: ACTOR });
  for (const event of ['concludedComplete', 'concludedPartly', 'concludedFailed'] as const) {
    const datasets = task.outputs.filter((output) => outputConclusionOf(output, succeeded) === event).map(ref);
    await transitionOutputDatasets(tx, { datasets, event, actor: ACTOR });
  }
  await tx.run(sql.fixOutputCounts, { id: task.id, datasetIds: task.outputs.map(({ datasetId }) => datasetId) });
}

async function tellChildren(tx: Tx, parent: number, status: TaskStatus): Promise<void> {
  const children = await tx.run(sql.childrenOf, { ids: [parent], terminal: [...terminalTaskStatuses] });
  if (children.length === 0 || !(terminalTaskStatuses.includes(status) || status === taskStatus.exhausted)) return;
  const ids = children.map(({ id }) => id);
  if (isHopeless(status)) {
    const { moved } = await transitionTasks(tx, {
      ids,
      event: 'parentEnded',
      actor: ACTOR,
      errorDialog: `parent task ${parent} ended ${status}`,
    });
    await nudge(
      tx,
      topics.taskPrepared,
      moved.map(({ id }) => id),
    );
    return;
  }
  const { moved } = await transitionTasks(tx, { ids, event: 'released', actor: ACTOR, errorDialog: null, frozen: 'clear' });
  await wakeReleased(tx, moved);
  const grown = await tx.run(sql.recheckMutable, { ids, mutable: datasetState.mutable });
  await nudge(
    tx,
    topics.taskRefined,
    grown.map(({ id }) => id),
  );
}

function isHopeless(status: TaskStatus): boolean {
  return (hopelessParentStatuses as readonly TaskStatus[]).includes(status);
}
