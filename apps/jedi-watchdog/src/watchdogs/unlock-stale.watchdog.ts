import { Inject, Injectable } from '@nestjs/common';
import { PeriodicScript } from '@panda/agents';
import { WatchdogRepository } from '@panda/database';
import { Log } from '@panda/domain';
import { type WatchdogConfig, watchdogKeys } from '../watchdog.config.js';

/** Claims of agents that died are given up, and the agents whose turn it is are woken. */
@Injectable()
export class UnlockStale extends PeriodicScript {
  readonly name = 'unlock-stale';

  constructor(
    private readonly tasks: WatchdogRepository,
    @Inject(watchdogKeys.token) private readonly config: WatchdogConfig,
    private readonly log: Log,
  ) {
    super();
  }

  async run(): Promise<boolean> {
    const { rows, more } = await this.tasks.unlockStale(this.config.lockedAfterMs / 1_000);
    for (const { id, lockedBy } of rows) this.log.warn('stale claim given up', { jediTaskId: id, lockedBy });
    return more;
  }
}
