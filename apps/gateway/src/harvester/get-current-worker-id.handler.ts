import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { HarvesterRepository } from '@panda/database';
import { Handler } from '../http/call.js';

@Injectable()
export class GetCurrentWorkerId extends Handler<typeof operations.getCurrentWorkerId> {
  readonly operation = operations.getCurrentWorkerId;

  constructor(private readonly harvesters: HarvesterRepository) {
    super();
  }

  handle({ harvesterId }: ArgsOf<typeof operations.getCurrentWorkerId>) {
    return this.harvesters.maxWorkerId(harvesterId);
  }
}
