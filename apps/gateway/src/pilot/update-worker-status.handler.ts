import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { HarvesterRepository } from '@panda/database';
import { PandaError } from '@panda/domain';
import { Handler, Refused } from '../http/call.js';

/** What pilots say at their start and end. Source: pilot3:pilot/util/workernode.py@a090538. */
const BEGIN = 'started';
const END = 'finished';

@Injectable()
export class UpdateWorkerStatus extends Handler<typeof operations.updateWorkerStatus> {
  readonly operation = operations.updateWorkerStatus;

  constructor(private readonly harvesters: HarvesterRepository) {
    super();
  }

  handle({ workerId, harvesterId, status, nodeId }: ArgsOf<typeof operations.updateWorkerStatus>) {
    const id = Number(workerId);
    if (!Number.isSafeInteger(id) || id < 0) throw Refused.argument('worker_id must be an integer');
    if (status !== BEGIN && status !== END) {
      throw Refused.argument(`PANDA-HARV-002: ${new PandaError('PANDA-HARV-002', { workerId: id, status }).message}`);
    }
    return this.harvesters.updatePilotStatus({
      harvesterId,
      workerId: id,
      status,
      nodeId,
      begins: status === BEGIN,
      ends: status === END,
    });
  }
}
