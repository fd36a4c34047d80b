import { Injectable } from '@nestjs/common';
import { CommandRepository, FinalisationRepository, type Tx } from '@panda/database';
import { commandKillCodes, isSoftFinish, SplitRule } from '@panda/domain';
import { CarryOut, DONE, type Order, type Pass } from './carry-out.js';

/** Soft: nothing new starts, and what a pilot holds may end. Hard: all jobs end now. Spec: Task Commando › finish. */
@Injectable()
export class FinishTask extends CarryOut {
  constructor(
    private readonly tasks: CommandRepository,
    private readonly finalisation: FinalisationRepository,
  ) {
    super();
  }

  async pass(tx: Tx, { task, comment, again }: Order): Promise<Pass> {
    const which = isSoftFinish(comment) ? 'queued' : 'all';
    const alive = await this.tasks.endJobs(tx, task.id, {
      code: commandKillCodes.finish,
      diag: 'the task is finished',
      which,
      again,
    });
    if (alive > 0) return { kind: 'waits', jobs: alive };
    await this.tasks.closeInput(tx, task.id);
    // Whoever asks for the end does not want the task to fail for its goal.
    const rule = SplitRule.parse(task.splitRule).without('failGoalUnreached');
    await this.finalisation.writeSplitRule(tx, task.id, rule.toString());
    await this.tasks.move(tx, task.id, 'finishDone', { errorDialog: null, wakes: true });
    return DONE;
  }
}
