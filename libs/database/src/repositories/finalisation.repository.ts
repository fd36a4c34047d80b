import { Injectable } from '@nestjs/common';
import { type Topic, topics } from '@panda/contracts';
import {
  type Actor,
  conclusionOf,
  datasetState,
  drivingDatasetTypes,
  finalisableTaskStatuses,
  measuredJobsMax,
  preprocessDatasetType,
  productDatasetTypes,
  secondMeasurementJobs,
  taskStatus,
  unusableInputFileStatuses,
} from '@panda/domain';
import { Database, type Tx } from '../kernel/database.js';
import { nudge } from '../outbox/nudge.js';
import { releaseAllInput } from '../statements/datasets.js';
import * as sql from '../statements/finalisation.js';
import * as scouts from '../statements/scouts.js';
import { transitionInputDatasets, transitionOutputDatasets } from '../transitions/dataset.transitions.js';
import { type TaskEvent, transitionTasks } from '../transitions/task.transitions.js';
import { CLAIM_STALE_S } from './task-claims.repository.js';

const ACTOR: Actor = 'jedi-watchdog';
/** Row of task_evaluation with what the last measurement was made of. */
const METRIC = 'measurement';

/** Which agent goes on with a task that finalisation moved. */
const wakes: Partial<Record<TaskEvent, Topic>> = {
  inputSettled: topics.taskPrepared,
  scoutsMeasured: topics.taskPrepared,
  foundBroken: topics.taskPrepared,
  preprocessingFailed: topics.taskPrepared,
  preprocessed: topics.taskSubmitted,
  inputReopened: topics.taskRefined,
};

/** The database side of finalisation. Tasks are locked by rows, not by claims: all is decided and written in one transaction. */
@Injectable()
export class FinalisationRepository {
  constructor(private readonly database: Database) {}

  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  /** The next tasks after this id that may be finalised; an empty answer ends the round. */
  async find(after: number, limit: number): Promise<number[]> {
    const rows = await this.database.run(sql.finalisableTasks, {
      statuses: [...finalisableTaskStatuses],
      scouting: taskStatus.scouting,
      driving: [...drivingDatasetTypes, preprocessDatasetType],
      after,
      limit,
    });
    return rows.map(({ id }) => id);
  }

  /** Locks what may be finalised and looks at it. */
  async look(tx: Tx, ids: readonly number[]): Promise<sql.FinalisableTask[]> {
    const statuses = [...finalisableTaskStatuses];
    const locked = await tx.run(sql.lockFinalisable, { ids: [...ids], statuses });
    if (locked.length === 0) return [];
    return tx.run(sql.tasksToFinalise, {
      ids: locked.map(({ id }) => id),
      driving: [...drivingDatasetTypes],
      preprocessing: taskStatus.preprocessing,
      pp: preprocessDatasetType,
      produced: [...productDatasetTypes],
      scouting: taskStatus.scouting,
      running: taskStatus.running,
      enough: secondMeasurementJobs,
      metric: METRIC,
      staleS: CLAIM_STALE_S,
    });
  }

  finishedJobs(tx: Tx, taskId: number): Promise<scouts.FinishedJob[]> {
    return tx.run(scouts.finishedJobs, { taskId, driving: [...drivingDatasetTypes], limit: measuredJobsMax });
  }

  /** Moves the task, takes it from whoever holds it, and wakes whose turn it is then. */
  async move(tx: Tx, id: number, event: TaskEvent, errorDialog?: string | null): Promise<boolean> {
    const dialog = errorDialog === undefined ? {} : { errorDialog };
    const { moved } = await transitionTasks(tx, { ids: [id], event, actor: ACTOR, unlock: true, ...dialog });
    const topic = wakes[event];
    if (moved.length > 0 && topic) await nudge(tx, topic, [id]);
    return moved.length > 0;
  }

  /** All input has an outcome: datasets are concluded and the task waits for its final status. */
  async settle(tx: Tx, task: sql.FinalisableTask): Promise<boolean> {
    const ref = (datasetId: number) => ({ jediTaskId: task.id, datasetId });
    for (const event of ['allProcessed', 'partlyProcessed', 'noneProcessed'] as const) {
      const masters = task.masters.filter((master) => conclusionOf(master, true) === event).map(({ datasetId }) => datasetId);
      const followers = event === 'allProcessed' ? task.secondaries : [];
      const datasets = [...masters, ...followers].map(ref);
      await transitionInputDatasets(tx, { datasets, event, actor: ACTOR });
    }
    await transitionOutputDatasets(tx, { datasets: task.outputs.map(ref), event: 'inputSettled', actor: ACTOR });
    return this.move(tx, task.id, 'inputSettled');
  }

  /** Growing masters are looked up again. */
  async lookUp(tx: Tx, task: sql.FinalisableTask, datasetIds: readonly number[]): Promise<boolean> {
    const datasets = datasetIds.map((datasetId) => ({ jediTaskId: task.id, datasetId }));
    await transitionInputDatasets(tx, { datasets, event: 'lookupAsked', actor: ACTOR, state: datasetState.mutable });
    return this.move(tx, task.id, 'inputReopened');
  }

  writeSplitRule(tx: Tx, id: number, splitRule: string): Promise<never[]> {
    return tx.run(sql.writeTaskRule, { id, splitRule });
  }

  /** What was measured, with the rule that says so. */
  async writeMeasurement(tx: Tx, measurement: Omit<scouts.MeasurementParams, 'metric'>): Promise<void> {
    await tx.run(scouts.writeMeasurement, { ...measurement, metric: METRIC });
  }

  /** The avalanche: input that was kept back for the time after the scouts may be used. */
  async openInput(tx: Tx, id: number): Promise<number> {
    const rows = await tx.run(releaseAllInput, { taskIds: [id], unusable: [...unusableInputFileStatuses] });
    return rows.reduce((sum, { added }) => sum + added, 0);
  }
}
