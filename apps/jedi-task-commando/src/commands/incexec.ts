import { Injectable } from '@nestjs/common';
import { CommandRepository, RetryRepository, type Tx } from '@panda/database';
import {
  incrementalParameters,
  retryOptions,
  type TaskParameters,
  taskAttemptsMax,
  taskParameterFaults,
  taskStatus,
} from '@panda/domain';
import { CarryOut, DONE, type Order, type Pass } from './carry-out.js';

/** The changed parameters are refined anew, input is looked up again, and what is new or was not successful is processed. */
@Injectable()
export class IncrementalExecution extends CarryOut {
  constructor(
    private readonly tasks: CommandRepository,
    private readonly retries: RetryRepository,
  ) {
    super();
  }

  async pass(tx: Tx, { task, comment, parameters }: Order): Promise<Pass> {
    if (task.attemptNr >= taskAttemptsMax) return this.refuse(tx, task.id, `the task had ${task.attemptNr} attempts`);
    const changes = objectIn(parameters ?? (await this.tasks.takenParameters(tx, task.id, 'incexec')) ?? '{}');
    const stored = objectIn(await this.retries.parameters(tx, task.id));
    if (!changes || !stored) return this.refuse(tx, task.id, 'the parameters are not a JSON object');
    const next = incrementalParameters(stored, changes);
    const faults = taskParameterFaults(next);
    if (faults.length > 0) return this.refuse(tx, task.id, faults.map(({ key, reason }) => `${key} ${reason}`).join('; '));

    await this.retries.writeParameters(tx, task.id, JSON.stringify(next));
    const options = retryOptions(comment);
    await this.retries.reopen(tx, task.id, { unstaged: options.unstaged, allInput: false, lookup: true });
    await this.retries.beginAttempt(tx, task.id, taskStatus.rerefine, task.oldStatus);
    await this.tasks.move(tx, task.id, 'incexecDone', { errorDialog: null, frozen: 'clear', wakes: true });
    if (options.children) await this.retries.retryChildren(tx, task.id);
    return DONE;
  }

  private async refuse(tx: Tx, id: number, reason: string): Promise<Pass> {
    await this.tasks.move(tx, id, 'incexecRefused', { errorDialog: reason });
    return { kind: 'refused', reason };
  }
}

function objectIn(text: string | null): TaskParameters | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as TaskParameters) : undefined;
  } catch {
    return undefined; // refused with a reason by the caller
  }
}
