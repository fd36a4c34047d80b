import { Injectable } from '@nestjs/common';
import { CommandRepository, type Tx } from '@panda/database';
import { commandKillCodes, reassignOptions } from '@panda/domain';
import { CarryOut, DONE, type Order, type Pass } from './carry-out.js';

/** Gives jobs up and binds the task to another place. Spec: Task Commando; comments of reassignTask. */
@Injectable()
export class ReassignTask extends CarryOut {
  constructor(private readonly tasks: CommandRepository) {
    super();
  }

  async pass(tx: Tx, { task, comment, again }: Order): Promise<Pass> {
    const options = reassignOptions(comment);
    const order = { code: commandKillCodes.reassign, diag: 'the task is reassigned', again };
    const alive = options.ends === 'none' ? 0 : await this.tasks.endJobs(tx, task.id, { ...order, which: options.ends });
    // Jobs that may go on do not hold the task up.
    if (alive > 0 && options.ends === 'all') return { kind: 'waits', jobs: alive };
    await this.tasks.resetPicked(tx, task.id);
    if (options.to) await this.tasks.bind(tx, task.id, options.to.target, options.to.name);
    const event = options.keepsState ? 'reassignKept' : 'reassignBegun';
    await this.tasks.move(tx, task.id, event, { errorDialog: null, wakes: true });
    return DONE;
  }
}
