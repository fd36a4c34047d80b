import { Inject, Injectable } from '@nestjs/common';
import { PeriodicScript } from '@panda/agents';
import { WatchdogRepository } from '@panda/database';
import { exhaustedExpires, Log, SplitRule, taskStatus } from '@panda/domain';
import { type WatchdogConfig, watchdogKeys } from '../watchdog.config.js';

/** Exhausted tasks about which nobody decides are finished with what they have, unless they asked to wait (rule DF). */
@Injectable()
export class FinishExhausted extends PeriodicScript {
  readonly name = 'finish-exhausted';

  constructor(
    private readonly tasks: WatchdogRepository,
    @Inject(watchdogKeys.token) private readonly config: WatchdogConfig,
    private readonly log: Log,
  ) {
    super();
  }

  async run(): Promise<boolean> {
    const { exhaustedAfterMs } = this.config;
    const { rows, more } = await this.tasks.exhausted(exhaustedAfterMs / 1_000);
    const status = taskStatus.exhausted;
    const ids = rows
      .filter(({ splitRule, stateChangeTime, now }) => {
        const waitsForever = SplitRule.parse(splitRule).get('disableAutoFinish');
        return exhaustedExpires({ status, stateChangeTime, waitsForever }, exhaustedAfterMs / 3_600_000, now);
      })
      .map(({ id }) => id);
    const moved = await this.tasks.move(ids, 'exhaustedExpired', { errorDialog: null });
    if (moved > 0) this.log.info('exhausted tasks finished', { tasks: moved });
    return more && moved > 0;
  }
}
