import { Injectable } from '@nestjs/common';
import { topics } from '@panda/contracts';
import { type Actor, activeTaskStatuses, drivingDatasetTypes, jobStatus, taskStatus, type Verdict } from '@panda/domain';
import { Database } from '../kernel/database.js';
import { jsonParam } from '../kernel/text.js';
import { nudge } from '../outbox/nudge.js';
import { type DatasetRow, readDatasets } from '../statements/datasets.js';
import * as sql from '../statements/task-broker.js';
import { storeVerdict } from '../statements/verdicts.js';
import { clearNextAction, setNextAction } from '../statements/work-lists.js';
import { transitionTasks } from '../transitions/task.transitions.js';

const ACTOR: Actor = 'jedi-task-broker';

export interface NucleusChoice {
  readonly jediTaskId: number;
  readonly nucleus: string;
  readonly verdict: Verdict;
  /** Datasets that go to the nucleus, each with its storage token there; null leaves the token as it is. */
  readonly outputs: readonly { readonly datasetId: number; readonly token: string | null }[];
}

/** Why a task has no nucleus, and when to try again. */
export interface TaskWait {
  readonly reason: string;
  readonly verdict: Verdict | null;
  readonly againInS: number;
}

/** The database side of task brokerage: each choice is one transaction under the claim. */
@Injectable()
export class TaskBrokerRepository {
  constructor(private readonly database: Database) {}

  /** Tasks whose turn it is: those that found no nucleus come again at their date. */
  async waiting(limit: number): Promise<number[]> {
    const rows = await this.database.run(sql.tasksWithoutNucleus, { assigning: taskStatus.assigning, limit });
    return rows.map(({ id }) => id);
  }

  look(claim: string, ids: readonly number[]): Promise<sql.TaskToBroker[]> {
    return this.database.run(sql.tasksToBroker, { claim, ids: [...ids] });
  }

  datasets(taskIds: readonly number[]): Promise<DatasetRow[]> {
    return this.database.run(readDatasets, { taskIds: [...taskIds] });
  }

  /** HS06 s by nucleus in tasks of at least this priority. */
  async remainingWork(priority: number): Promise<Map<string, number>> {
    const params = { live: [...activeTaskStatuses], driving: [...drivingDatasetTypes], priority };
    const rows = await this.database.run(sql.remainingWork, params);
    return new Map(rows.map(({ nucleus, work }) => [nucleus, work]));
  }

  jobsOfNuclei() {
    return this.database.run(sql.jobsOfNuclei, { transferring: jobStatus.transferring, running: jobStatus.running });
  }

  /** The task is ready, with its destination. False: the claim was lost, nothing changed. */
  choose(claim: string, { jediTaskId: id, nucleus, verdict, outputs }: NucleusChoice): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const datasetIds = outputs.map(({ datasetId }) => datasetId);
      const tokens = outputs.map(({ token }) => token);
      const [held] = await tx.run(sql.writeNucleus, { id, claim, nucleus, datasetIds, tokens });
      if (!held) return false;
      const event = { event: 'destinationChosen', actor: ACTOR, claim, unlock: true, errorDialog: null } as const;
      const { moved } = await transitionTasks(tx, { ids: [id], ...event });
      await tx.run(clearNextAction, { kind: 'task', ids: [id] });
      await tx.run(storeVerdict, { taskId: id, agent: ACTOR, kind: 'task', verdict: jsonParam(verdict) });
      await nudge(
        tx,
        topics.taskReady,
        moved.map((move) => move.id),
      );
      return moved.length > 0;
    });
  }

  /** No nucleus can take the task now: it stays, with the reason for its user, and is brokered again at its date, or when something wakes it. */
  async wait(claim: string, jediTaskId: number, { reason, verdict, againInS }: TaskWait): Promise<void> {
    await this.database.transaction(async (tx) => {
      const [held] = await tx.run(sql.explainWait, { id: jediTaskId, claim, reason });
      if (!held) return;
      await tx.run(setNextAction, { kind: 'task', ids: [jediTaskId], inS: againInS, reason });
      if (!verdict) return;
      await tx.run(storeVerdict, { taskId: jediTaskId, agent: ACTOR, kind: 'task', verdict: jsonParam(verdict) });
    });
  }
}
