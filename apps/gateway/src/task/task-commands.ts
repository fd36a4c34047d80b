import { Injectable } from '@nestjs/common';
import { type Coded, topics } from '@panda/contracts';
import {
  nudge,
  TaskIntakeRepository,
  TaskQueryRepository,
  type Tx,
  transitionInputDatasets,
  transitionTasks,
} from '@panda/database';
import {
  analysisTaskType,
  type CommandVerdict,
  inputFileStatus,
  judgeTaskCommand,
  liveJobStatuses,
  queuedJobStatuses,
  type TaskCommand,
  taskCommandCodes,
  terminalTaskStatuses,
} from '@panda/domain';
import { Audit } from '../audit/audit.js';
import type { Call } from '../http/call.js';

/** Attempts that failed input gets when a user retries a task that is still under way. */
const RETRY_ATTEMPTS = 3;
const INPUT_TYPES = ['input', 'pseudo_input'];

interface CommandDetails {
  readonly comment?: string | null;
  readonly parameters?: Readonly<Record<string, unknown>> | null;
}

/** Commands for tasks: judged on the locked row, stored for the commando, audited, in one transaction. */
@Injectable()
export class TaskCommands {
  constructor(
    private readonly tasks: TaskIntakeRepository,
    private readonly queries: TaskQueryRepository,
    private readonly audit: Audit,
  ) {}

  /** The access rule has been judged before; this judges the state of the task. */
  register(command: TaskCommand, taskId: number, call: Call, details: CommandDetails = {}): Promise<Coded> {
    return this.tasks.transaction(async (tx) => {
      const task = await this.tasks.lockTask(tx, taskId);
      const verdict = judgeTaskCommand({
        command,
        jediTaskId: taskId,
        status: task?.status ?? null,
        permitted: true,
        isUserTask: task?.tasktype === analysisTaskType,
      });
      const outcome = await this.carryOut(tx, command, taskId, verdict, details);
      await this.record(tx, call, `task.${command}`, taskId, outcome);
      return outcome;
    });
  }

  private async carryOut(
    tx: Tx,
    command: TaskCommand,
    taskId: number,
    verdict: CommandVerdict,
    details: CommandDetails,
  ): Promise<Coded> {
    if (verdict.code === taskCommandCodes.registered) {
      const parameters = details.parameters ? JSON.stringify(details.parameters) : null;
      await this.tasks.putCommand(tx, { jeditaskid: taskId, command, comment: details.comment ?? null, parameters });
    }
    if (verdict.code !== taskCommandCodes.jobsReactivated) return verdict;
    // The task goes on by itself: only input that has used its attempts up needs help. Callers are told plain success.
    await this.giveAttempts(tx, taskId, RETRY_ATTEMPTS, true);
    return { code: taskCommandCodes.registered, message: verdict.message };
  }

  /** More attempts for the input of a task that is under way. */
  increaseAttempts(taskId: number, increase: number, call: Call): Promise<Coded> {
    return this.tasks.transaction(async (tx) => {
      const task = await this.tasks.lockTask(tx, taskId);
      const outcome = await this.judgeIncrease(tx, taskId, increase, task?.status ?? null);
      await this.record(tx, call, 'task.increase_attempts', taskId, outcome);
      return outcome;
    });
  }

  private async judgeIncrease(tx: Tx, taskId: number, increase: number, status: string | null): Promise<Coded> {
    if (status === null) return { code: 1, message: `jediTaskID=${taskId} not found` };
    if ((terminalTaskStatuses as readonly string[]).includes(status)) {
      return { code: 2, message: `command rejected since status=${status}` };
    }
    const { increased, reactivated } = await this.giveAttempts(tx, taskId, increase, false);
    return { code: 0, message: `increased attemptNr for ${increased} inputs (${reactivated} reactivated)` };
  }

  /** An ended task works on what is left of its input, without being refined again. */
  reactivate(taskId: number, call: Call): Promise<Coded> {
    return this.tasks.transaction(async (tx) => {
      if ((await this.tasks.lockTask(tx, taskId)) === null) return { code: 1, message: 'unknown task' };
      const { moved } = await transitionTasks(tx, {
        ids: [taskId],
        event: 'reactivateAsked',
        actor: 'gateway',
        errorDialog: null,
      });
      const outcome = moved.length === 1 ? { code: 0, message: 'reactivated' } : { code: 2, message: 'the task has not ended' };
      if (outcome.code === 0) {
        await this.giveAttempts(tx, taskId, RETRY_ATTEMPTS, true);
        await this.reopenInput(tx, taskId);
        await nudge(tx, topics.taskReady, [taskId]);
      }
      await this.record(tx, call, 'task.reactivate', taskId, outcome);
      return outcome;
    });
  }

  /** Settled input datasets are ready for more jobs. */
  private async reopenInput(tx: Tx, jediTaskId: number): Promise<void> {
    const datasets = (await this.queries.datasets([jediTaskId], tx)).filter(({ type }) => INPUT_TYPES.includes(type));
    await transitionInputDatasets(tx, {
      datasets: datasets.map(({ datasetid }) => ({ jediTaskId, datasetId: datasetid })),
      event: 'retried',
      actor: 'gateway',
    });
  }

  private giveAttempts(tx: Tx, jeditaskid: number, increase: number, onlyExhausted: boolean) {
    return this.tasks.increaseAttempts(tx, {
      jeditaskid,
      increase,
      onlyExhausted,
      ready: inputFileStatus.ready,
      datasetTypes: INPUT_TYPES,
    });
  }

  changePriority(taskId: number, priority: number, call: Call): Promise<number> {
    return this.tasks.transaction(async (tx) => {
      const rows = await this.tasks.changePriority(tx, {
        jeditaskid: taskId,
        priority,
        waiting: [...queuedJobStatuses],
        ended: [...terminalTaskStatuses],
      });
      await this.record(tx, call, 'task.change_priority', taskId, { code: rows === 1 ? 0 : 2, message: String(priority) });
      return rows;
    });
  }

  changeAttribute(taskId: number, attribute: string, value: number, call: Call): Promise<number> {
    return this.tasks.transaction(async (tx) => {
      const rows = await this.tasks.changeAttribute(tx, {
        jeditaskid: taskId,
        attribute,
        value,
        ended: [...terminalTaskStatuses],
      });
      await this.record(tx, call, 'task.change_attribute', taskId, {
        code: rows === 1 ? 0 : 2,
        message: `${attribute}=${value}`,
      });
      return rows;
    });
  }

  shiftModification(taskId: number, hours: number, call: Call): Promise<number> {
    return this.tasks.transaction(async (tx) => {
      const rows = await this.tasks.shiftModification(tx, { jeditaskid: taskId, hours, ended: [...terminalTaskStatuses] });
      await this.record(tx, call, 'task.change_modification_time', taskId, { code: rows === 1 ? 0 : 2, message: `${hours} h` });
      return rows;
    });
  }

  /** Running jobs stay in their share unless asked for: they were counted there when they started. */
  moveToShare(taskIds: readonly number[], share: string, runningToo: boolean, call: Call): Promise<number> {
    return this.tasks.transaction(async (tx) => {
      const jobStatuses = runningToo ? [...liveJobStatuses] : [...queuedJobStatuses];
      const rows = await this.tasks.moveToShare(tx, {
        taskIds: [...taskIds],
        share,
        ended: [...terminalTaskStatuses],
        jobStatuses,
      });
      for (const taskId of taskIds)
        await this.record(tx, call, 'task.reassign_global_share', taskId, { code: 0, message: share });
      return rows;
    });
  }

  /** Sets one rule; `edit` turns the stored rules into the new ones. */
  changeSplitRule(taskId: number, edit: (rules: string | null) => string, call: Call): Promise<number> {
    return this.tasks.transaction(async (tx) => {
      const stored = await this.tasks.lockSplitRule(tx, taskId, [...terminalTaskStatuses]);
      if (stored === undefined) return 0;
      const splitRule = edit(stored);
      await this.tasks.writeSplitRule(tx, taskId, splitRule);
      await this.record(tx, call, 'task.change_split_rule', taskId, { code: 0, message: splitRule });
      return 1;
    });
  }

  private record(tx: Tx, call: Call, method: string, taskId: number, { code, message }: Coded): Promise<void> {
    const outcome = code === 0 ? 'accepted' : 'refused';
    return this.audit.record(tx, call, { method, object: `task:${taskId}`, outcome, code: String(code), summary: { message } });
  }
}
