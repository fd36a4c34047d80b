import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations, pythonTime } from '@panda/contracts';
import { HarvesterRepository } from '@panda/database';
import { type Call, Handler } from '../http/call.js';
import { harvesterCommandStates } from './command-states.js';
import { HarvesterGuard } from './harvester-guard.js';

@Injectable()
export class AcquireCommands extends Handler<typeof operations.acquireCommands> {
  readonly operation = operations.acquireCommands;

  constructor(
    private readonly harvesters: HarvesterRepository,
    private readonly guard: HarvesterGuard,
  ) {
    super();
  }

  async handle({ harvesterId, nCommands }: ArgsOf<typeof operations.acquireCommands>, call: Call) {
    await this.guard.require(harvesterId, call);
    const { fresh, retrieved } = harvesterCommandStates;
    const commands = await this.harvesters.takeCommands({ harvesterId, fresh, retrieved, limit: nCommands });
    return commands
      .sort((a, b) => a.command_id - b.command_id)
      .map((row) => ({
        command_id: row.command_id,
        command: row.command,
        params: row.params === null ? null : (JSON.parse(row.params) as unknown),
        ack_requested: row.ack_requested ?? 0,
        creation_date: row.creation_date === null ? null : pythonTime(row.creation_date),
      }));
  }

  /** No command is a harmless answer: Harvester asks again within seconds. */
  override whenBusy() {
    return [];
  }
}
