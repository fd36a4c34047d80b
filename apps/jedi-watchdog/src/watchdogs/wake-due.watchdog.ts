import { Injectable } from '@nestjs/common';
import { PeriodicScript } from '@panda/agents';
import { WatchdogRepository } from '@panda/database';

/** Tasks that gave a date for their next try are woken when it has come. */
@Injectable()
export class WakeDue extends PeriodicScript {
  readonly name = 'wake-due';

  constructor(private readonly tasks: WatchdogRepository) {
    super();
  }

  async run(): Promise<boolean> {
    return (await this.tasks.dueTasks()).more;
  }
}
