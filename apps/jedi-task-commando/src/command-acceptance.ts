import { Injectable } from '@nestjs/common';
import { AGED_AT_ONCE_S, type CommandedTask, CommandRepository, type Tx } from '@panda/database';
import {
  avalancheWalltimeUnit,
  isStateOf,
  judgeTaskCommand,
  type TaskCommand,
  type TaskStatus,
  taskCommandCodes,
  taskCommandEvents,
  taskMachine,
  taskStatus,
} from '@panda/domain';

/** `underWay`: the task is in the state of the command, which is carried out next. `done`: nothing is left to do. */
export type Acceptance = { readonly kind: 'underWay' | 'done' } | { readonly kind: 'refused'; readonly reason: string };

/** Exhausted while its jobs could run: its user says go on. */
const resumable: readonly (string | null)[] = [taskStatus.running, taskStatus.scouting];
/** Exhausted while it waited for what comes before jobs: there is nothing to retry, it tries the same step again. */
const unprepared: readonly (string | null)[] = [
  taskStatus.registered,
  taskStatus.staged,
  taskStatus.rerefine,
  taskStatus.defined,
  taskStatus.assigning,
  taskStatus.topreprocess,
  taskStatus.preprocessing,
] satisfies readonly TaskStatus[];

/** Moves a task into the state of its command, if its own state takes it. */
@Injectable()
export class CommandAcceptance {
  constructor(private readonly tasks: CommandRepository) {}

  async accept(tx: Tx, command: TaskCommand, task: CommandedTask, comment: string | null): Promise<Acceptance> {
    const question = { command, jediTaskId: task.id, status: task.status, permitted: true, isUserTask: false };
    const verdict = judgeTaskCommand(question);
    if (verdict.code !== taskCommandCodes.registered) return { kind: 'refused', reason: verdict.message };
    return this.carryIn(tx, command, task, comment);
  }

  private async carryIn(tx: Tx, command: TaskCommand, task: CommandedTask, comment: string | null): Promise<Acceptance> {
    const { id } = task;
    switch (command) {
      case 'kill':
      case 'finish':
      case 'incexec':
      case 'reassign':
        await this.tasks.move(tx, id, taskCommandEvents[command], { errorDialog: comment, frozen: 'clear' });
        return { kind: 'underWay' };
      case 'retry':
        return this.retry(tx, task, comment);
      case 'pause':
        await this.tasks.move(tx, id, 'pauseAsked');
        await this.tasks.holdJobs(tx, id, 'throttled');
        return { kind: 'done' };
      case 'resume':
        return this.resume(tx, task);
      case 'avalanche':
        await this.tasks.move(tx, id, 'avalancheAsked');
        await this.tasks.askAvalanche(tx, id, avalancheWalltimeUnit);
        return { kind: 'done' };
      case 'release':
        await this.tasks.forgetDate(tx, id);
        await this.tasks.move(tx, id, 'releaseAsked', {
          errorDialog: null,
          frozen: 'clear',
          agedS: AGED_AT_ONCE_S,
          wakes: true,
        });
        return { kind: 'done' };
    }
  }

  private async retry(tx: Tx, task: CommandedTask, comment: string | null): Promise<Acceptance> {
    const exhausted = task.status === taskStatus.exhausted;
    const goesOn = { errorDialog: null, frozen: 'clear', wakes: true } as const;
    if (exhausted && resumable.includes(task.oldStatus)) {
      await this.tasks.move(tx, task.id, 'retryExhausted', goesOn);
      return { kind: 'done' };
    }
    if (exhausted && unprepared.includes(task.oldStatus)) {
      await this.tasks.move(tx, task.id, 'retryWaiting', goesOn);
      return { kind: 'done' };
    }
    await this.tasks.move(tx, task.id, 'retryAsked', { errorDialog: comment });
    return { kind: 'underWay' };
  }

  private async resume(tx: Tx, task: CommandedTask): Promise<Acceptance> {
    const remembered = task.oldStatus !== null && isStateOf(taskMachine, task.oldStatus);
    if (!remembered && task.status !== taskStatus.staging) {
      return { kind: 'refused', reason: 'it is not known what the task did before it was paused' };
    }
    await this.tasks.move(tx, task.id, 'resumeAsked', { errorDialog: null, wakes: true });
    await this.tasks.holdJobs(tx, task.id, 'unthrottled');
    return { kind: 'done' };
  }
}
