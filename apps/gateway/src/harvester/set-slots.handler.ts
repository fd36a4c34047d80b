import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { HarvesterRepository } from '@panda/database';
import { Handler } from '../http/call.js';

@Injectable()
export class SetSlots extends Handler<typeof operations.setSlots> {
  readonly operation = operations.setSlots;

  constructor(private readonly harvesters: HarvesterRepository) {
    super();
  }

  handle({ pandaQueue, numSlots, gshare, resourceType, validPeriod }: ArgsOf<typeof operations.setSlots>) {
    return this.harvesters.setSlots({ queue: pandaQueue, gshare, resourceType, slots: numSlots, days: validPeriod });
  }
}
