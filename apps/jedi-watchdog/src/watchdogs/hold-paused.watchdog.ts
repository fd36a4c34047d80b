import { Injectable } from '@nestjs/common';
import { PeriodicScript } from '@panda/agents';
import { WatchdogRepository } from '@panda/database';

/** Jobs that became ready after their task was paused are held back too. */
@Injectable()
export class HoldPaused extends PeriodicScript {
  readonly name = 'hold-paused';

  constructor(private readonly tasks: WatchdogRepository) {
    super();
  }

  async run(): Promise<boolean> {
    return (await this.tasks.holdJobsOfPaused()).more;
  }
}
