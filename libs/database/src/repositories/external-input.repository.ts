import { Injectable } from '@nestjs/common';
import { topics } from '@panda/contracts';
import { type Actor, drivingDatasetTypes, eventStatusCodes, liveFedTaskStatuses, softFinish, taskStatus } from '@panda/domain';
import { transitionInputFiles } from '../contents/contents.js';
import type { Tx } from '../kernel/database.js';
import { nudge } from '../outbox/nudge.js';
import * as sql from '../statements/external-input.js';
import { putTaskCommand } from '../statements/task-intake.js';
import { transitionInputDatasets } from '../transitions/dataset.transitions.js';
import { transitionJobs } from '../transitions/job.transitions.js';
import { type TaskEvent, transitionTasks } from '../transitions/task.transitions.js';
import { wakeReleased } from './released-tasks.js';

const ACTOR: Actor = 'message-processor';
/** Attempts of a point of a hyperparameter search. panda-jedi:pandajedi/jedicore/JediDBProxy.py@42f4bb41 */
const POINT_ATTEMPTS = 5;

/** A file or dataset as an outside system names it. */
export interface OutsideName {
  readonly scope: string | null;
  readonly name: string;
}

/** What a message said about the input of a task. */
export interface Arrival {
  /** A whole dataset is there. */
  readonly allStaged: boolean;
  /** Files moved: it was no repeat. */
  readonly isNews: boolean;
  /** Contents rows changed, so that the feeder decides what jobs are made of them. */
  readonly needsFeeding: boolean;
}

type FileEvent = 'stagedIn' | 'stageInFailed';

/** What outside systems say about input, in the transaction of the message. Every effect asks for the old state: a repeat changes nothing. */
@Injectable()
export class ExternalInputRepository {
  /** Moves files by name; returns how many moved. */
  async files(tx: Tx, taskId: number, names: readonly OutsideName[], event: FileEvent): Promise<number> {
    return move(tx, taskId, await tx.run(sql.filesByName, { taskId, types: [...drivingDatasetTypes], ...listed(names) }), event);
  }

  /** Moves all files of datasets by name; returns how many moved. */
  async collections(tx: Tx, taskId: number, names: readonly OutsideName[], event: FileEvent): Promise<number> {
    const found = await tx.run(sql.filesOfCollections, { taskId, types: [...drivingDatasetTypes], ...listed(names) });
    return move(tx, taskId, found, event);
  }

  /**
   * Lets a task go on that waited for input: one that is staged as a whole, or one that waits with a problem the new input may end. The
   * feeder is woken where jobs are made of the rest already; else whichever agent's turn it is.
   */
  async goOn(tx: Tx, taskId: number, arrived: Arrival): Promise<void> {
    const [task] = await tx.run(sql.lockedTaskStatus, { taskId });
    if (!task) return;
    const event = resuming(task.status, arrived);
    const { moved } = event
      ? await transitionTasks(tx, { ids: [taskId], event, actor: ACTOR, errorDialog: null })
      : { moved: [] };
    const status = moved[0]?.to ?? task.status;
    const isLive = (liveFedTaskStatuses as readonly string[]).includes(status);
    if (isLive && arrived.needsFeeding) await nudge(tx, topics.taskRefined, [taskId]);
    else await wakeReleased(tx, [{ id: taskId, to: status }]);
  }

  /** Adds points of a hyperparameter search; returns those that are new. */
  async points(
    tx: Tx,
    taskId: number,
    points: readonly { readonly id: number; readonly model: string | null }[],
  ): Promise<number[]> {
    await tx.run(sql.lockedTaskStatus, { taskId });
    const rows = await tx.run(sql.insertPoints, {
      taskId,
      points: points.map(({ id }) => id),
      models: points.map(({ model }) => model),
      types: [...drivingDatasetTypes],
      maxAttempt: POINT_ATTEMPTS,
      ready: eventStatusCodes.ready,
    });
    return rows.map(({ point }) => point);
  }

  /** No further points will come: what runs may end, then the task does. */
  async finishSoftly(tx: Tx, taskId: number, ended: readonly string[]): Promise<boolean> {
    const [task] = await tx.run(sql.lockedTaskStatus, { taskId });
    if (!task || ended.includes(task.status)) return false;
    await tx.run(putTaskCommand, { jeditaskid: taskId, command: 'finish', comment: softFinish, parameters: null });
    return true;
  }

  /** Jobs whose dispatch dataset has arrived can be handed out. */
  async dispatchArrived(tx: Tx, { scope, name }: OutsideName): Promise<number> {
    const names = scope === null ? [name] : [name, `${scope}:${name}`];
    const jobs = await tx.run(sql.jobsOfDispatchBlock, { names });
    const ids = jobs.map(({ pandaId }) => pandaId);
    return (await transitionJobs(tx, { ids, event: 'inputReady', actor: ACTOR })).moved.length;
  }
}

/** What input that arrives does to the task's state, if anything. */
function resuming(status: string, { allStaged, isNews }: Arrival): TaskEvent | undefined {
  if (status === taskStatus.staging && allStaged) return 'resumeAsked';
  return status === taskStatus.pending && isNews ? 'released' : undefined;
}

function listed(names: readonly OutsideName[]) {
  return { scopes: names.map(({ scope }) => scope), names: names.map(({ name }) => name) };
}

/** Their datasets are looked at again: the feeder decides whether what has arrived is enough for a job. */
async function move(
  tx: Tx,
  jediTaskId: number,
  files: readonly { datasetId: number; fileId: number }[],
  event: FileEvent,
): Promise<number> {
  const { moved } = await transitionInputFiles(tx, { jediTaskId, files, event, actor: ACTOR });
  const ids = new Set(moved.map(({ id }) => id));
  const touched = new Set(files.filter(({ fileId }) => ids.has(fileId)).map(({ datasetId }) => datasetId));
  const datasets = [...touched].map((datasetId) => ({ jediTaskId, datasetId }));
  if (datasets.length > 0) await transitionInputDatasets(tx, { datasets, event: 'lookupAsked', actor: ACTOR });
  return moved.length;
}
