import { Injectable } from '@nestjs/common';
import {
  type Actor,
  drivingDatasetTypes,
  inputFileStatus,
  mergeInputDatasetTypes,
  productDatasetTypes,
  retryAttempts,
  type TaskStatus,
  terminalTaskStatuses,
  unusableInputFileStatuses,
} from '@panda/domain';
import type { Tx } from '../kernel/database.js';
import { releaseAllInput } from '../statements/datasets.js';
import * as sql from '../statements/retry.js';
import { putTaskCommand, readTaskParameters, writeTaskParameters } from '../statements/task-intake.js';
import { transitionInputDatasets, transitionOutputDatasets } from '../transitions/dataset.transitions.js';
import { transitionTasks } from '../transitions/task.transitions.js';
import { wakeReleased } from './released-tasks.js';

const ACTOR: Actor = 'jedi-task-commando';
/** Input that ended without success. Files the data management lost come back with its next listing only. */
const UNSUCCESSFUL = [inputFileStatus.failed, inputFileStatus.cancelled];
const INPUTS = [...drivingDatasetTypes, ...mergeInputDatasetTypes, 'random_seed'];

/** The database side of retries and incremental execution. All of it runs in the transaction of the command. */
@Injectable()
export class RetryRepository {
  /** Unsuccessful input may be used again, with counters and datasets. Returns how many master files can be used now. */
  async reopen(tx: Tx, taskId: number, options: { unstaged: boolean; allInput: boolean; lookup: boolean }): Promise<number> {
    const staging = options.unstaged ? [inputFileStatus.staging] : [];
    const rows = await tx.run(sql.reopenInput, { taskId, types: INPUTS, ended: UNSUCCESSFUL, staging, increase: retryAttempts });
    if (options.allInput) await tx.run(releaseAllInput, { taskIds: [taskId], unusable: [...unusableInputFileStatuses] });
    const ref = ({ datasetId }: { datasetId: number }) => ({ jediTaskId: taskId, datasetId });
    const masters = rows.filter(({ isMaster }) => isMaster);
    const usable = masters.reduce((sum, row) => sum + row.usable, 0);
    if (options.lookup) {
      await transitionInputDatasets(tx, { datasets: rows.map(ref), event: 'lookupAsked', actor: ACTOR });
    } else if (usable > 0) {
      const open = rows.filter((row) => row.usable > 0 || !row.isMaster).map(ref);
      await transitionInputDatasets(tx, { datasets: open, event: 'retried', actor: ACTOR });
      const complete = masters.filter((row) => row.usable === 0 && row.nFiles === row.nFilesFinished).map(ref);
      await transitionInputDatasets(tx, { datasets: complete, event: 'retriedComplete', actor: ACTOR });
    }
    if (usable > 0 || options.lookup) await this.reopenOutput(tx, taskId);
    return usable;
  }

  private async reopenOutput(tx: Tx, taskId: number): Promise<void> {
    const outputs = await tx.run(sql.outputDatasetsOf, { taskId, types: [...productDatasetTypes] });
    const datasets = outputs.map(({ datasetId }) => ({ jediTaskId: taskId, datasetId }));
    await transitionOutputDatasets(tx, { datasets, event: 'reopened', actor: ACTOR });
  }

  async beginAttempt(tx: Tx, id: number, startStatus: TaskStatus, endStatus: string | null): Promise<void> {
    await tx.run(sql.beginAttempt, { id, startStatus, endStatus });
  }

  /**
   * Tasks that work on the output of a retried task: ended ones look their input up again by a command of their own, which
   * reaches their own children; those that never saw the output wait for it from the start again.
   */
  async retryChildren(tx: Tx, taskId: number): Promise<void> {
    const children = await tx.run(sql.childrenOnOutput, {
      taskId,
      inputs: [...drivingDatasetTypes],
      outputs: [...productDatasetTypes],
    });
    for (const { id, status, readsOutput } of children) {
      const ended = terminalTaskStatuses.includes(status as TaskStatus);
      if (ended && readsOutput) await this.lookUpAgain(tx, id, taskId);
      if (ended || readsOutput) continue;
      const { moved } = await transitionTasks(tx, { ids: [id], event: 'parentRetried', actor: ACTOR, errorDialog: null });
      await wakeReleased(tx, moved);
    }
  }

  private async lookUpAgain(tx: Tx, id: number, parent: number): Promise<void> {
    const comment = `parent task ${parent} is retried`;
    await tx.run(putTaskCommand, { jeditaskid: id, command: 'incexec', comment, parameters: '{}' });
  }

  async parameters(tx: Tx, jeditaskid: number): Promise<string | null> {
    const [row] = await tx.run(readTaskParameters, { jeditaskid });
    return row?.taskparams ?? null;
  }

  async writeParameters(tx: Tx, jeditaskid: number, parameters: string): Promise<void> {
    await tx.run(writeTaskParameters, { jeditaskid, parameters });
  }
}
