import { Injectable } from '@nestjs/common';
import { operations } from '@panda/contracts';
import { HarvesterRepository } from '@panda/database';
import { workerStatus } from '@panda/domain';
import { Handler } from '../http/call.js';
import { addCount, emptyCounts } from './nested-counts.js';

@Injectable()
export class GetNumPilots extends Handler<typeof operations.getNumPilots> {
  readonly operation = operations.getNumPilots;

  constructor(private readonly harvesters: HarvesterRepository) {
    super();
  }

  async handle() {
    const queues = emptyCounts();
    for (const { computingsite, status, n_workers } of await this.harvesters.workerStats()) {
      if (status === workerStatus.running) addCount(queues, [computingsite, 'nPilots'], n_workers);
    }
    return queues;
  }
}
