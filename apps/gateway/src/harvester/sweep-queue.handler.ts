import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { HarvesterRepository } from '@panda/database';
import { Handler } from '../http/call.js';
import { harvesterCommandStates } from './command-states.js';

/** Word that Harvester's sweeper listens to (pilot-api §7). */
const KILL_WORKERS = 'KILL_WORKERS';

@Injectable()
export class SweepQueue extends Handler<typeof operations.sweepQueue> {
  readonly operation = operations.sweepQueue;

  constructor(private readonly harvesters: HarvesterRepository) {
    super();
  }

  handle({ pandaQueue, statusList, ceList, submissionHostList }: ArgsOf<typeof operations.sweepQueue>) {
    const params = JSON.stringify({
      status: statusList,
      computingSite: [pandaQueue],
      computingElement: ceList,
      submissionHost: submissionHostList,
    });
    return this.harvesters.commandInstancesOf({
      queue: pandaQueue,
      command: KILL_WORKERS,
      fresh: harvesterCommandStates.fresh,
      params,
    });
  }
}
