import { Inject, Injectable } from '@nestjs/common';
import { PeriodicScript } from '@panda/agents';
import { WatchdogRepository } from '@panda/database';
import { Log } from '@panda/domain';
import { type WatchdogConfig, watchdogKeys } from '../watchdog.config.js';

/** Files picked by a generator that died can be picked again. */
@Injectable()
export class RescuePicked extends PeriodicScript {
  readonly name = 'rescue-picked';

  constructor(
    private readonly tasks: WatchdogRepository,
    @Inject(watchdogKeys.token) private readonly config: WatchdogConfig,
    private readonly log: Log,
  ) {
    super();
  }

  async run(): Promise<boolean> {
    const { rows, more } = await this.tasks.rescuePicked(this.config.pickedAfterMs / 1_000);
    for (const { id, files } of rows) this.log.warn('picked files rescued', { jediTaskId: id, files });
    return more && rows.length > 0;
  }
}
