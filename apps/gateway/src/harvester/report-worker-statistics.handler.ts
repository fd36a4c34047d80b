import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { HarvesterRepository } from '@panda/database';
import { type Call, Handler, Refused } from '../http/call.js';
import { HarvesterGuard } from './harvester-guard.js';
import { readWorkerCounts } from './worker-report.js';

@Injectable()
export class ReportWorkerStatistics extends Handler<typeof operations.reportWorkerStatistics> {
  readonly operation = operations.reportWorkerStatistics;

  constructor(
    private readonly harvesters: HarvesterRepository,
    private readonly guard: HarvesterGuard,
  ) {
    super();
  }

  async handle({ harvesterId, pandaQueue, statistics }: ArgsOf<typeof operations.reportWorkerStatistics>, call: Call) {
    const counts = readWorkerCounts(statistics);
    if (counts === undefined) throw Refused.argument('statistics must be {jobType: {resourceType: {status: number}}}');
    const outcome = await this.guard.admits(harvesterId, call);
    if (outcome.taken) await this.harvesters.replaceWorkerStats(harvesterId, pandaQueue.slice(0, 128), counts);
    return outcome;
  }
}
