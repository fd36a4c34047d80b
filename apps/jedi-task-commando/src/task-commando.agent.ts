import { Inject, Injectable } from '@nestjs/common';
import { Agent, AgentRuntime, agentSettings, type CycleReport, type Wake } from '@panda/agents';
import { type CommandedTask, CommandRepository, type Tx, type WaitingCommand } from '@panda/database';
import { commandedTaskStatuses, type TaskCommand, taskStatus } from '@panda/domain';
import { CommandAcceptance } from './command-acceptance.js';
import { CarryOut, type Order, type Pass } from './commands/carry-out.js';
import { FinishTask } from './commands/finish.js';
import { IncrementalExecution } from './commands/incexec.js';
import { KillTask } from './commands/kill.js';
import { ReassignTask } from './commands/reassign.js';
import { RetryTask } from './commands/retry.js';
import { type TaskCommandoConfig, taskCommandoKeys } from './task-commando.config.js';

type Outcome = 'done' | 'waits' | 'refused' | 'gone';

/** Commands of users and of the production system, each carried out once. Spec: JEDI › Task Commando. */
@Injectable()
export class TaskCommandoAgent extends Agent {
  /** Who carries on with a task in the state of a command. */
  private readonly carryOut: Readonly<Record<string, CarryOut>>;
  private readonly redoS: number;

  constructor(
    runtime: AgentRuntime,
    @Inject(taskCommandoKeys.token) config: TaskCommandoConfig,
    private readonly tasks: CommandRepository,
    private readonly acceptance: CommandAcceptance,
    kill: KillTask,
    finish: FinishTask,
    retry: RetryTask,
    incexec: IncrementalExecution,
    reassign: ReassignTask,
  ) {
    super('jedi-task-commando', runtime, agentSettings(config));
    this.redoS = Math.ceil(config.redoAfterMs / 1_000);
    this.carryOut = {
      [taskStatus.aborting]: kill,
      [taskStatus.finishing]: finish,
      [taskStatus.toretry]: retry,
      [taskStatus.toincexec]: incexec,
      [taskStatus.toreassign]: reassign,
    };
  }

  protected async cycle(wake: Wake): Promise<CycleReport> {
    const limit = this.settings.batch;
    const ids = wake.sweep ? null : wake.ids;
    const commands = await this.tasks.waiting(ids, limit);
    const outcomes: Outcome[] = [];
    for (const command of commands) outcomes.push(await this.execute(command));
    const underWay = await this.tasks.underWay(commandedTaskStatuses, ids, this.redoS, limit);
    const fresh = new Set(commands.map(({ taskId }) => taskId));
    for (const id of underWay) if (!fresh.has(id)) outcomes.push(await this.goOn(id, wake.sweep));
    const count = (outcome: Outcome) => outcomes.filter((other) => other === outcome).length;
    return {
      claimed: outcomes.length - count('gone'),
      done: count('done'),
      waiting: count('waits'),
      failed: count('refused'),
      more: commands.length === limit || (wake.sweep && underWay.length === limit),
    };
  }

  /** Taken, judged, begun and recorded in one transaction: a crash undoes all of it, and the command waits on. */
  private execute(waiting: WaitingCommand): Promise<Outcome> {
    return this.tasks.transaction(async (tx) => {
      const task = await this.tasks.lockTask(tx, waiting.taskId);
      const taken = await this.tasks.take(tx, waiting);
      if (!taken) return 'gone';
      const reason = task ? await this.begin(tx, waiting.command, task, taken) : `jediTaskID=${waiting.taskId} not found`;
      if (typeof reason === 'string') await this.tasks.refuse(tx, waiting, reason);
      const facts = { jediTaskId: waiting.taskId, command: waiting.command, comment: taken.comment };
      this.log.info(typeof reason === 'string' ? 'command refused' : 'command taken', { ...facts, reason });
      return typeof reason === 'string' ? 'refused' : reason.kind === 'waits' ? 'waits' : 'done';
    });
  }

  /** The reason for a refusal, or the outcome of the first pass. */
  private async begin(
    tx: Tx,
    command: TaskCommand,
    task: CommandedTask,
    { comment, parameters }: { comment: string | null; parameters: string | null },
  ): Promise<string | Pass> {
    const accepted = await this.acceptance.accept(tx, command, task, comment);
    if (accepted.kind === 'refused') return accepted.reason;
    if (accepted.kind === 'done') return { kind: 'done' };
    const moved = (await this.tasks.lockTask(tx, task.id)) ?? task;
    const pass = await this.pass(tx, { task: moved, comment, parameters, again: false });
    return pass.kind === 'refused' ? pass.reason : pass;
  }

  /** A further pass over a command under way: the end of a job woke us, or the sweep finds it unfinished. */
  private goOn(id: number, again: boolean): Promise<Outcome> {
    return this.tasks.transaction(async (tx) => {
      const task = await this.tasks.lockTask(tx, id);
      if (!task || !(task.status in this.carryOut)) return 'gone';
      const pass = await this.pass(tx, { task, comment: task.comment, parameters: null, again });
      if (pass.kind === 'waits' && again) await this.tasks.touch(tx, id);
      return pass.kind;
    });
  }

  private pass(tx: Tx, order: Order): Promise<Pass> {
    const carryOut = this.carryOut[order.task.status];
    if (!carryOut) throw new Error(`no command is carried out in the state '${order.task.status}'`);
    return carryOut.pass(tx, order);
  }
}
