import { Injectable } from '@nestjs/common';
import { type ArgsOf, isObject, operations, parseTime, pythonTime } from '@panda/contracts';
import { HarvesterRepository } from '@panda/database';
import { type Call, Handler, Refused } from '../http/call.js';
import { HarvesterGuard } from './harvester-guard.js';

@Injectable()
export class HarvesterHeartbeat extends Handler<typeof operations.heartbeat> {
  readonly operation = operations.heartbeat;

  constructor(
    private readonly harvesters: HarvesterRepository,
    private readonly guard: HarvesterGuard,
  ) {
    super();
  }

  async handle({ harvesterId, data }: ArgsOf<typeof operations.heartbeat>, call: Call) {
    if (!isObject(data)) throw Refused.argument('data must be an object');
    const outcome = await this.guard.admits(harvesterId, call);
    if (!outcome.taken) return outcome;
    const started = typeof data.startTime === 'string' ? parseTime(data.startTime) : undefined;
    await this.harvesters.touchInstance({
      harvesterId,
      startTime: started ? pythonTime(started) : null,
      version: text(data.sw_version),
      commit: text(data.commit_stamp),
      host: call.address,
    });
    return outcome;
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value.replaceAll('\0', '') : null;
}
