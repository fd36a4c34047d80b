import { Injectable } from '@nestjs/common';
import { type Topic, topics } from '@panda/contracts';
import {
  drivingDatasetTypes,
  type FedDataset,
  type FeedPlan,
  type FeedRules,
  inputDatasetStatus,
  inputFileStatus,
  liveFedTaskStatuses,
  outputFileStatus,
  productDatasetTypes,
  taskStatus,
} from '@panda/domain';
import { insertContents, type NewContent, transitionInputFiles } from '../contents/contents.js';
import { Database, type Tx } from '../kernel/database.js';
import { nudge } from '../outbox/nudge.js';
import { readContentKeys } from '../statements/contents.js';
import { type DatasetRow, readDatasets, setDatasetCounters } from '../statements/datasets.js';
import * as sql from '../statements/feeding.js';
import { heldTask } from '../statements/generation.js';
import { type InputDatasetEvent, transitionInputDatasets } from '../transitions/dataset.transitions.js';
import { ClaimLost, endTurn } from '../transitions/end-of-turn.js';
import type { TaskEvent } from '../transitions/task.transitions.js';

const ACTOR = 'jedi-contents-feeder';
/** An arriving dataset that had nothing new is looked at again by the sweep after this; a message about it comes first. */
const RECHECK_S = 60;

/** A filled dataset: its plan and what its new rows are like. */
export interface FilledDataset {
  readonly kind: 'filled';
  readonly dataset: FedDataset;
  readonly plan: FeedPlan;
  readonly rules: FeedRules;
}

/** A dataset that could not be filled; it moves by the event and gets no rows. */
export interface UnfilledDataset {
  readonly kind: 'unfilled';
  readonly dataset: FedDataset;
  readonly event: InputDatasetEvent;
}

export interface FedTask {
  readonly id: number;
  readonly datasets: readonly (FilledDataset | UnfilledDataset)[];
  /** What the task does next; null: it runs already and only its datasets changed. */
  readonly event: TaskEvent | null;
  readonly reason: string | null;
  readonly freezes: boolean;
}

const nextAgent: Partial<Record<TaskEvent, Topic>> = {
  contentsReady: topics.taskReady,
  destinationNeeded: topics.taskAssigning,
  foundBroken: topics.taskPrepared,
};

/** The database side of feeding: all datasets of a task are filled in one transaction, with the task's next state. */
@Injectable()
export class FeedingRepository {
  constructor(private readonly database: Database) {}

  /** Tasks with datasets to fill: the announced ones of them, or (null) all that are due. */
  async waiting(ids: readonly number[] | null, limit: number): Promise<number[]> {
    const rows = await this.database.run(sql.tasksToFeed, {
      ids: ids ? [...ids] : null,
      waiting: [taskStatus.defined],
      live: [...liveFedTaskStatuses],
      changed: inputDatasetStatus.toupdate,
      types: [...drivingDatasetTypes],
      recheckS: RECHECK_S,
      limit,
    });
    return rows.map(({ id }) => id);
  }

  look(claim: string, ids: readonly number[]): Promise<sql.TaskToFeed[]> {
    return this.database.run(sql.tasksToFill, { claim, ids: [...ids] });
  }

  datasets(taskIds: readonly number[]): Promise<DatasetRow[]> {
    return this.database.run(readDatasets, { taskIds: [...taskIds] });
  }

  contentKeys(taskId: number, datasetId: number) {
    return this.database.run(readContentKeys, { taskId, datasetId });
  }

  async finishedByParent(parentId: number, names: readonly string[]): Promise<Set<string>> {
    const types = [...productDatasetTypes];
    const rows = await this.database.run(sql.finishedByParent, {
      parentId,
      names: [...names],
      types,
      finished: outputFileStatus.finished,
    });
    return new Set(rows.map(({ lfn }) => lfn));
  }

  usedBy(taskIds: readonly number[], name: string) {
    const types = [...drivingDatasetTypes];
    return this.database.run(sql.usedByTasks, { taskIds: [...taskIds], name, types, finished: inputFileStatus.finished });
  }

  async store(claim: string, fed: FedTask): Promise<void> {
    await this.database.transaction(async (tx) => {
      for (const one of fed.datasets) await (one.kind === 'filled' ? fill(tx, fed.id, one) : moveDataset(tx, fed.id, one));
      await conclude(tx, claim, fed);
    });
  }
}

async function fill(tx: Tx, taskId: number, { dataset, plan, rules }: FilledDataset): Promise<void> {
  const { datasetId } = dataset;
  await insertContents(tx, { jediTaskId: taskId, datasetId }, contentsOf(dataset, plan, rules));
  const files = (ids: readonly number[]) => ids.map((fileId) => ({ datasetId, fileId }));
  await transitionInputFiles(tx, { jediTaskId: taskId, files: files(plan.activate), event: 'bunchReady', actor: ACTOR });
  await transitionInputFiles(tx, { jediTaskId: taskId, files: files(plan.lost), event: 'gone', actor: ACTOR });
  if (plan.isFilled)
    await transitionInputDatasets(tx, {
      datasets: [{ jediTaskId: taskId, datasetId }],
      event: 'filled',
      actor: ACTOR,
      state: plan.state,
    });
  const { nFiles, nEvents, nFilesToBeUsed, state } = plan;
  await tx.run(setDatasetCounters, {
    taskId,
    datasetId,
    nFiles,
    nFilesToBeUsed,
    nFilesMissing: null,
    nEvents,
    nEventsToBeUsed: nEvents,
    state,
  });
}

function* contentsOf(dataset: FedDataset, plan: FeedPlan, rules: FeedRules): Generator<NewContent> {
  for (const { record, status } of plan.inserts) {
    yield {
      lfn: record.lfn,
      scope: record.scope,
      guid: record.guid,
      type: dataset.type,
      status,
      fsize: record.fsize,
      checksum: record.checksum,
      nEvents: record.nEvents,
      startEvent: record.startEvent,
      endEvent: record.endEvent,
      firstEvent: record.firstEvent,
      lumiBlockNr: record.lumiBlockNr,
      maxAttempt: rules.maxAttempt,
      maxFailure: rules.maxFailure,
      tracked: rules.keepTrack,
    };
  }
}

async function moveDataset(tx: Tx, taskId: number, { dataset, event }: UnfilledDataset): Promise<void> {
  await transitionInputDatasets(tx, { datasets: [{ jediTaskId: taskId, datasetId: dataset.datasetId }], event, actor: ACTOR });
}

async function conclude(tx: Tx, claim: string, { id, datasets, event, reason, freezes }: FedTask): Promise<void> {
  if (event === null) {
    const [held] = await tx.run(heldTask, { id, claim });
    if (!held) throw new ClaimLost(id);
    const hasNew = datasets.some((one) => one.kind === 'filled' && one.plan.isFilled);
    if (hasNew) await nudge(tx, topics.taskReady, [id]);
    return;
  }
  await endTurn(tx, ACTOR, claim, { id, event, reason, freezes });
  const topic = nextAgent[event];
  if (topic) await nudge(tx, topic, [id]);
}
