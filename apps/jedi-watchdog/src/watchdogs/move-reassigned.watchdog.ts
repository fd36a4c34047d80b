import { Injectable } from '@nestjs/common';
import { PeriodicScript } from '@panda/agents';
import { WatchdogRepository } from '@panda/database';
import { judgeReassigned, type TaskStatus } from '@panda/domain';

/** Reassigned tasks go on at their new place. */
@Injectable()
export class MoveReassigned extends PeriodicScript {
  readonly name = 'move-reassigned';

  constructor(private readonly tasks: WatchdogRepository) {
    super();
  }

  async run(): Promise<boolean> {
    const { rows, more } = await this.tasks.reassigned();
    for (const task of rows) {
      await this.tasks.move([task.id], judgeReassigned({ ...task, oldStatus: task.oldStatus as TaskStatus | null }));
    }
    return more;
  }
}
