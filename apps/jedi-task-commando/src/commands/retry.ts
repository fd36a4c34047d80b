import { Injectable } from '@nestjs/common';
import { CommandRepository, RetryRepository, type Tx } from '@panda/database';
import { retryOptions, SplitRule, splitRuleValues, taskAttemptsMax, taskStatus } from '@panda/domain';
import { CarryOut, DONE, type Order, type Pass } from './carry-out.js';

/** Only input that was not successful is processed again, into the same output. Spec: Task Commando › retry. */
@Injectable()
export class RetryTask extends CarryOut {
  constructor(
    private readonly tasks: CommandRepository,
    private readonly retries: RetryRepository,
  ) {
    super();
  }

  async pass(tx: Tx, { task, comment }: Order): Promise<Pass> {
    if (task.attemptNr >= taskAttemptsMax) return this.refuse(tx, task.id, `the task had ${task.attemptNr} attempts`);
    const options = retryOptions(comment);
    const scouts = SplitRule.parse(task.splitRule).get('useScout') === splitRuleValues.useScout.use;
    const reopened = { unstaged: options.unstaged, allInput: !scouts, lookup: false };
    const usable = await this.retries.reopen(tx, task.id, reopened);
    if (usable === 0 && task.oldStatus !== taskStatus.exhausted) {
      return this.refuse(tx, task.id, 'nothing to retry: all input was successful');
    }
    await this.retries.beginAttempt(tx, task.id, taskStatus.ready, task.oldStatus);
    await this.tasks.move(tx, task.id, 'retried', { errorDialog: null, frozen: 'clear', wakes: true });
    if (options.children) await this.retries.retryChildren(tx, task.id);
    return DONE;
  }

  private async refuse(tx: Tx, id: number, reason: string): Promise<Pass> {
    await this.tasks.move(tx, id, 'nothingToRetry', { errorDialog: reason });
    return { kind: 'refused', reason };
  }
}
