import { Injectable } from '@nestjs/common';
import { PeriodicScript, type ScriptRun } from '@panda/agents';
import { WatchdogRepository } from '@panda/database';
import { Log } from '@panda/domain';

/** Counters of input datasets that do not equal a recount of their files are corrected, and each correction is recorded. */
@Injectable()
export class RepairCounters extends PeriodicScript {
  readonly name = 'repair-counters';

  constructor(
    private readonly tasks: WatchdogRepository,
    private readonly log: Log,
  ) {
    super();
  }

  async run({ signal }: Pick<ScriptRun, 'signal'>): Promise<boolean> {
    let after = 0;
    for (let more = true; more && !signal.aborted; ) {
      const found = await this.tasks.tasksToCount(after);
      for (const repair of await this.tasks.repairCounters(found.rows)) this.log.error('counters repaired', repair);
      after = found.rows.at(-1) ?? after;
      more = found.more;
    }
    return false;
  }
}
