import { Injectable } from '@nestjs/common';
import { PeriodicScript } from '@panda/agents';
import { WatchdogRepository } from '@panda/database';
import { goalIsReached, Log, SplitRule, softFinish, type TaskStatus } from '@panda/domain';

/** Tasks that have reached their goal let the rest go: nothing new starts, and what runs may end. */
@Injectable()
export class FinishAtGoal extends PeriodicScript {
  readonly name = 'finish-at-goal';
  private after = 0;

  constructor(
    private readonly tasks: WatchdogRepository,
    private readonly log: Log,
  ) {
    super();
  }

  async run(): Promise<boolean> {
    const { rows, more } = await this.tasks.withGoal(this.after);
    this.after = more ? (rows.at(-1)?.id ?? 0) : 0;
    for (const row of rows) {
      const task = {
        ...row,
        status: row.status as TaskStatus,
        parentStatus: row.parentStatus as TaskStatus | null,
        staysUnfinished: SplitRule.parse(row.splitRule).get('disableAutoFinish'),
      };
      if (!goalIsReached(task)) continue;
      await this.tasks.move([row.id], 'goalReached', { errorDialog: `${softFinish}: the goal is reached` });
      this.log.info('goal reached', { jediTaskId: row.id, goal: row.goal });
    }
    return more;
  }
}
