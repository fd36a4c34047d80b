import { Injectable } from '@nestjs/common';
import { CommandRepository, type Tx } from '@panda/database';
import { commandKillCodes } from '@panda/domain';
import { CarryOut, DONE, type Order, type Pass } from './carry-out.js';

/** Ends the jobs, then the task: jobs without a pilot at once, the others as soon as their pilots stop. */
@Injectable()
export class KillTask extends CarryOut {
  constructor(private readonly tasks: CommandRepository) {
    super();
  }

  async pass(tx: Tx, { task, again }: Order): Promise<Pass> {
    const alive = await this.tasks.endJobs(tx, task.id, { code: commandKillCodes.kill, diag: 'the task is killed', again });
    if (alive > 0) return { kind: 'waits', jobs: alive };
    await this.tasks.resetPicked(tx, task.id);
    await this.tasks.move(tx, task.id, 'killed', { wakes: true });
    return DONE;
  }
}
