import { Injectable } from '@nestjs/common';
import { operations } from '@panda/contracts';
import { HarvesterRepository } from '@panda/database';
import { Handler } from '../http/call.js';
import { addCount, emptyCounts } from '../statistics/nested-counts.js';

@Injectable()
export class GetWorkerStatistics extends Handler<typeof operations.getWorkerStatistics> {
  readonly operation = operations.getWorkerStatistics;

  constructor(private readonly harvesters: HarvesterRepository) {
    super();
  }

  /** By queue, instance, job type, resource type and state, as Harvester reads it. */
  async handle() {
    const queues = emptyCounts();
    for (const row of await this.harvesters.workerStats()) {
      addCount(queues, [row.computingsite, row.harvester_id, row.jobtype, row.resourcetype, row.status], row.n_workers);
    }
    return queues;
  }
}
