import { Injectable } from '@nestjs/common';
import { PeriodicScript, type ScriptRun } from '@panda/agents';
import { StatisticsRepository } from '@panda/database';

/** Differences added up by one transaction; more only hold their rows longer. */
const PORTION = 20_000;

/** Adds up the differences that each change of a job left, so that the counts of live jobs stay quick to read. */
@Injectable()
export class StatisticsScript extends PeriodicScript {
  readonly name = 'statistics';

  constructor(private readonly statistics: StatisticsRepository) {
    super();
  }

  async run({ fence }: ScriptRun): Promise<boolean> {
    return (await this.statistics.fold(PORTION, fence)) === PORTION;
  }
}

/** Refreshes the usual number of input files per job, a median that differences cannot keep. */
@Injectable()
export class TypicalInputScript extends PeriodicScript {
  readonly name = 'typicalInput';

  constructor(private readonly statistics: StatisticsRepository) {
    super();
  }

  async run({ fence }: ScriptRun): Promise<boolean> {
    await this.statistics.refreshTypicalInput(fence);
    return false;
  }
}
