import { Injectable } from '@nestjs/common';
import { PeriodicScript } from '@panda/agents';
import { WatchdogRepository } from '@panda/database';
import { boostOf, fixedPriorities, Log, type TaskStatus } from '@panda/domain';

/** Tasks of the production system; users' own have their priorities for themselves. */
const LABEL = 'managed';

/** The last jobs of a production task run first: whoever waits for the task waits for them. */
@Injectable()
export class BoostTail extends PeriodicScript {
  readonly name = 'boost-tail';
  private after = 0;

  constructor(
    private readonly tasks: WatchdogRepository,
    private readonly log: Log,
  ) {
    super();
  }

  async run(): Promise<boolean> {
    const { rows, more } = await this.tasks.nearTheEnd(LABEL, fixedPriorities.taskTail, this.after);
    this.after = more ? (rows.at(-1)?.id ?? 0) : 0;
    for (const row of rows) {
      const boost = boostOf({ ...row, status: row.status as TaskStatus, parentStatus: row.parentStatus as TaskStatus | null });
      const jobs = boost && (await this.tasks.boost(row.id, boost));
      if (jobs !== undefined) this.log.info('task boosted near its end', { jediTaskId: row.id, jobs });
    }
    return more;
  }
}
