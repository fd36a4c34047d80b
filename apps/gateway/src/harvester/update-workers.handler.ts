import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { HarvesterRepository } from '@panda/database';
import { type Call, Handler, Refused } from '../http/call.js';
import { HarvesterGuard } from './harvester-guard.js';
import { readWorker } from './worker-report.js';

@Injectable()
export class UpdateWorkers extends Handler<typeof operations.updateWorkers> {
  readonly operation = operations.updateWorkers;

  constructor(
    private readonly harvesters: HarvesterRepository,
    private readonly guard: HarvesterGuard,
  ) {
    super();
  }

  async handle({ harvesterId, workers }: ArgsOf<typeof operations.updateWorkers>, call: Call) {
    if (!Array.isArray(workers)) throw Refused.argument('workers must be a list');
    const outcome = await this.guard.admits(harvesterId, call);
    if (!outcome.taken) return null;
    const read = workers.map(readWorker);
    // The last report of a worker wins: one statement must not name a row twice.
    const rows = new Map(read.flatMap((worker) => (worker ? [[worker.workerid, worker] as const] : [])));
    const stored = new Set(await this.harvesters.upsertWorkers(harvesterId, [...rows.values()]));
    return read.map((worker) => worker !== undefined && stored.has(worker.workerid));
  }
}
