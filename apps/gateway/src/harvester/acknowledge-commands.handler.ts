import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { HarvesterRepository } from '@panda/database';
import { Handler } from '../http/call.js';
import { harvesterCommandStates } from './command-states.js';

@Injectable()
export class AcknowledgeCommands extends Handler<typeof operations.acknowledgeCommands> {
  readonly operation = operations.acknowledgeCommands;

  constructor(private readonly harvesters: HarvesterRepository) {
    super();
  }

  async handle({ commandIds }: ArgsOf<typeof operations.acknowledgeCommands>) {
    await this.harvesters.acknowledgeCommands(commandIds, harvesterCommandStates.acknowledged);
    return true;
  }
}
