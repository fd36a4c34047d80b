import { Injectable } from '@nestjs/common';
import { topics } from '@panda/contracts';
import {
  type Actor,
  drivingDatasetTypes,
  generatingTaskStatuses,
  jobStatus,
  queuedJobStatuses,
  taskStatus,
  terminalTaskStatuses,
} from '@panda/domain';
import { resetPickedFiles } from '../contents/contents.js';
import { Database, type Tx } from '../kernel/database.js';
import { nudge } from '../outbox/nudge.js';
import { recountInputs, tasksWithStalePicks } from '../statements/contents.js';
import * as sql from '../statements/watchdog.js';
import { takeNextActions } from '../statements/work-lists.js';
import { transitionJobs } from '../transitions/job.transitions.js';
import { type TaskEvent, type TaskMove, transitionTasks } from '../transitions/task.transitions.js';
import { wakeReleased } from './released-tasks.js';
import { CLAIM_STALE_S } from './task-claims.repository.js';

const ACTOR: Actor = 'jedi-watchdog';
/** Rows that one run of a sweep works on. */
const LIMIT = 500;

export interface Found<T> {
  readonly rows: readonly T[];
  /** There may be more. */
  readonly more: boolean;
}

const found = <T>(rows: readonly T[]): Found<T> => ({ rows, more: rows.length === LIMIT });

/** The database side of the slow sweeps. Everything is guarded: two that find the same task do no harm. */
@Injectable()
export class WatchdogRepository {
  constructor(private readonly database: Database) {}

  async pending(idleS: number): Promise<Found<sql.PendingRow>> {
    return found(await this.database.run(sql.pendingTasks, { pending: taskStatus.pending, idleS, limit: LIMIT }));
  }

  async exhausted(ageS: number) {
    return found(await this.database.run(sql.oldExhausted, { exhausted: taskStatus.exhausted, ageS, limit: LIMIT }));
  }

  async withGoal(after: number): Promise<Found<sql.GoalRow>> {
    const driving = [...drivingDatasetTypes];
    return found(
      await this.database.run(sql.tasksWithGoal, { running: taskStatus.running, driving, output: 'output', after, limit: LIMIT }),
    );
  }

  async nearTheEnd(label: string, below: number, after: number): Promise<Found<sql.NearlyDoneRow>> {
    const driving = [...drivingDatasetTypes];
    const running = taskStatus.running;
    return found(await this.database.run(sql.tasksNearTheEnd, { running, label, below, driving, after, limit: LIMIT }));
  }

  /** Undefined: the task does not run any more, or is that urgent already. */
  async boost(id: number, { currentPriority, gshare }: { currentPriority: number; gshare: string }): Promise<number | undefined> {
    const waiting = [...queuedJobStatuses];
    const params = { id, running: taskStatus.running, priority: currentPriority, gshare, waiting };
    const [row] = await this.database.run(sql.boostTask, params);
    return row?.jobs;
  }

  async reassigned() {
    return found(await this.database.run(sql.reassignedTasks, { reassigning: taskStatus.reassigning, limit: LIMIT }));
  }

  /** Moves tasks and wakes whose turn it is then. Returns how many moved. */
  move(ids: readonly number[], event: TaskEvent, more: Partial<TaskMove> = {}): Promise<number> {
    return this.database.transaction(async (tx) => {
      const { moved } = await transitionTasks(tx, { ids, event, actor: ACTOR, ...more });
      await wakeReleased(tx, moved);
      return moved.length;
    });
  }

  /** F7: picked files of agents that died, or that lost their task, can be used again. Returns the tasks and files. */
  async rescuePicked(staleS: number): Promise<Found<{ id: number; files: number }>> {
    const tasks = await this.database.run(tasksWithStalePicks, { staleS, limit: LIMIT });
    const rescued: { id: number; files: number }[] = [];
    for (const { id } of tasks) {
      const files = await this.database.transaction((tx) => this.rescue(tx, id, staleS));
      if (files > 0) rescued.push({ id, files });
    }
    return { rows: rescued, more: tasks.length === LIMIT };
  }

  private async rescue(tx: Tx, id: number, staleS: number): Promise<number> {
    const [task] = await tx.run(sql.lockIdle, { ids: [id], staleS });
    if (!task) return 0;
    await tx.run(sql.unlockTask, { id });
    const files = await resetPickedFiles(tx, id);
    if (files > 0) await nudge(tx, topics.taskReady, [id]);
    return files;
  }

  /** Claims of dead agents, with what their generators had picked: the lost claim can make no jobs of it any more. */
  unlockStale(staleS: number): Promise<Found<{ id: number; lockedBy: string }>> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.run(sql.unlockStale, { staleS, limit: LIMIT });
      const generating = rows.filter(({ to }) => (generatingTaskStatuses as readonly string[]).includes(to));
      for (const { id } of generating) await resetPickedFiles(tx, id);
      await wakeReleased(tx, rows);
      return found(rows);
    });
  }

  /** T3: tasks whose date has come. Pending ones go back to where they waited; the agent of each is woken. */
  dueTasks(): Promise<Found<number>> {
    return this.database.transaction(async (tx) => {
      const due = await tx.run(takeNextActions, { kind: 'task', limit: LIMIT });
      const ids = due.map(({ id }) => id);
      const { moved, losers } = await transitionTasks(tx, { ids, event: 'released', actor: ACTOR });
      await wakeReleased(tx, moved);
      const others = losers.length > 0 ? await tx.run(sql.lockIdle, { ids: [...losers], staleS: CLAIM_STALE_S }) : [];
      await wakeReleased(
        tx,
        others.map(({ id, status }) => ({ id, to: status })),
      );
      return found(ids);
    });
  }

  holdJobsOfPaused(): Promise<Found<number>> {
    return this.database.transaction(async (tx) => {
      const jobs = { paused: taskStatus.paused, activated: jobStatus.activated, limit: LIMIT };
      const ids = (await tx.run(sql.jobsOfPausedTasks, jobs)).map(({ pandaId }) => pandaId);
      await transitionJobs(tx, { ids, event: 'throttled', actor: ACTOR });
      return found(ids);
    });
  }

  async tasksToCount(after: number): Promise<Found<number>> {
    const rows = await this.database.run(sql.tasksToCount, { terminal: [...terminalTaskStatuses], after, limit: LIMIT });
    return found(rows.map(({ id }) => id));
  }

  /** F2: counters of input datasets that differ from a recount are corrected. Returns what was wrong. */
  async repairCounters(taskIds: readonly number[]): Promise<{ object: string; before: object; after: object }[]> {
    const counts = await this.database.run(recountInputs, { taskIds: [...taskIds] });
    const wrong = counts.filter(({ stored, counted }) => keys.some((key) => stored[key] !== counted[key]));
    for (const { taskId, datasetId, stored, counted } of wrong) {
      const [used = 0, finished = 0, failed = 0] = keys.map((key) => (counted[key] ?? 0) - (stored[key] ?? 0));
      const delta = { used, finished, failed };
      const record = { before: JSON.stringify(stored), after: JSON.stringify(counted) };
      await this.database.transaction(async (tx) => {
        await tx.run(sql.repairCounters, { taskId, datasetId, ...delta, ...record });
        await nudge(tx, topics.taskProgressed, [taskId]);
      });
    }
    return wrong.map((w) => ({ object: `dataset:${w.taskId}/${w.datasetId}`, before: w.stored, after: w.counted }));
  }
}

const keys = ['used', 'finished', 'failed'] as const;
