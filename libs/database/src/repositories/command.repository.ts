import { Injectable } from '@nestjs/common';
import { topics } from '@panda/contracts';
import {
  type Actor,
  commandOwner,
  commandStatus,
  commandWord,
  drivingDatasetTypes,
  type KillCode,
  pilotReplies,
  queuedJobStatuses,
  type TaskCommand,
  taskCommands,
} from '@panda/domain';
import { resetPickedFiles } from '../contents/contents.js';
import { killJobs } from '../jobs/kill.js';
import { Database, type Tx } from '../kernel/database.js';
import { nudge } from '../outbox/nudge.js';
import * as sql from '../statements/commands.js';
import { liveJobsOfTasks } from '../statements/work-lists.js';
import { transitionJobs } from '../transitions/job.transitions.js';
import { type TaskEvent, type TaskMove, transitionTasks } from '../transitions/task.transitions.js';
import { wakeReleased } from './released-tasks.js';

const ACTOR: Actor = 'jedi-task-commando';

export interface WaitingCommand {
  readonly taskId: number;
  readonly command: TaskCommand;
}

export interface EndJobs {
  readonly code: KillCode;
  readonly diag: string;
  /** Pilots that were told before are told again. */
  readonly again: boolean;
  readonly which?: 'all' | 'queued';
}

/** The database side of commands. Each is taken, judged, carried out and recorded in one transaction (T6). */
@Injectable()
export class CommandRepository {
  constructor(private readonly database: Database) {}

  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  async waiting(ids: readonly number[] | null, limit: number): Promise<WaitingCommand[]> {
    const words = new Map(taskCommands.map((command) => [commandWord(command, commandStatus.waiting), command]));
    const rows = await this.database.run(sql.waitingCommands, {
      owner: commandOwner,
      words: [...words.keys()],
      ids: ids && [...ids],
      limit,
    });
    return rows.flatMap(({ taskId, word }) => {
      const command = words.get(word);
      return command ? [{ taskId, command }] : [];
    });
  }

  /** Undefined: another commando was first, or a newer command replaced this one. */
  async take(tx: Tx, { taskId, command }: WaitingCommand) {
    const word = commandWord(command, commandStatus.waiting);
    const taken = commandWord(command, commandStatus.taken);
    const [row] = await tx.run(sql.takeCommand, { taskId, owner: commandOwner, word, taken });
    return row;
  }

  async refuse(tx: Tx, { taskId, command }: WaitingCommand, reason: string): Promise<void> {
    const taken = commandWord(command, commandStatus.taken);
    const word = commandWord(command, commandStatus.refused);
    await tx.run(sql.closeCommand, { taskId, owner: commandOwner, taken, word, reason });
  }

  async takenParameters(tx: Tx, taskId: number, command: TaskCommand): Promise<string | null> {
    const taken = commandWord(command, commandStatus.taken);
    const [row] = await tx.run(sql.takenParameters, { taskId, owner: commandOwner, taken });
    return row?.parameters ?? null;
  }

  async lockTask(tx: Tx, id: number): Promise<sql.CommandedTask | undefined> {
    const [task] = await tx.run(sql.lockCommanded, { id });
    return task;
  }

  /** Tasks with a command under way: those announced, or those nobody touched for so many seconds. */
  async underWay(statuses: readonly string[], ids: readonly number[] | null, idleS: number, limit: number): Promise<number[]> {
    const rows = await this.database.run(sql.commandedTasks, { statuses: [...statuses], ids: ids && [...ids], idleS, limit });
    return rows.map(({ id }) => id);
  }

  async touch(tx: Tx, id: number): Promise<void> {
    await tx.run(sql.touchTask, { id });
  }

  /**
   * Moves a task by the event of a command and takes it from whoever works on it: its claim does not hold any more.
   * With `wakes`, the agent whose turn it is in the new state is woken. False: the state does not take the event.
   */
  async move(tx: Tx, id: number, event: TaskEvent, more: Partial<TaskMove> & { wakes?: boolean } = {}): Promise<boolean> {
    const { wakes = false, ...rest } = more;
    const { moved } = await transitionTasks(tx, { ids: [id], event, actor: ACTOR, unlock: true, ...rest });
    if (wakes) await wakeReleased(tx, moved);
    return moved.length > 0;
  }

  /** Ends live jobs of a task: all, or those no pilot holds. Returns how many jobs are alive then. */
  async endJobs(tx: Tx, taskId: number, order: EndJobs): Promise<number> {
    const { code, diag, again, which = 'all' } = order;
    const statuses = which === 'queued' ? [...queuedJobStatuses] : null;
    const jobs = await tx.run(sql.jobsToEnd, { taskId, statuses, told: pilotReplies.tobekilled, again });
    await killJobs(tx, { ids: jobs.map(({ pandaId }) => pandaId), code, actor: ACTOR, diag });
    return this.liveJobs(tx, taskId);
  }

  async liveJobs(tx: Tx, taskId: number): Promise<number> {
    const [row] = await tx.run(sql.countLiveJobs, { taskId });
    return row?.jobs ?? 0;
  }

  /** Jobs nobody has got yet wait (`throttled`), or may be handed out again. */
  async holdJobs(tx: Tx, taskId: number, event: 'throttled' | 'unthrottled'): Promise<number> {
    const ids = (await tx.run(liveJobsOfTasks, { taskIds: [taskId] })).map(({ pandaId }) => pandaId);
    return (await transitionJobs(tx, { ids, event, actor: ACTOR })).moved.length;
  }

  /** No more input is used, and no pick of a generator that lost the task stays behind. */
  async closeInput(tx: Tx, id: number): Promise<void> {
    await resetPickedFiles(tx, id);
    await tx.run(sql.closeInput, { id, types: [...drivingDatasetTypes] });
  }

  resetPicked(tx: Tx, id: number): Promise<number> {
    return resetPickedFiles(tx, id);
  }

  async askAvalanche(tx: Tx, id: number, unit: string): Promise<void> {
    await tx.run(sql.askAvalanche, { id, unit });
    await nudge(tx, topics.taskProgressed, [id]);
  }

  async bind(tx: Tx, id: number, target: string, name: string): Promise<void> {
    await tx.run(sql.bindTask, { id, target, name });
  }

  async forgetDate(tx: Tx, id: number): Promise<void> {
    await tx.run(sql.forgetDate, { id });
  }
}
