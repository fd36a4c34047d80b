import { Injectable } from '@nestjs/common';
import { operations } from '@panda/contracts';
import { StatisticsRepository } from '@panda/database';
import { Handler } from '../http/call.js';
import { addCount, emptyCounts } from './nested-counts.js';

@Injectable()
export class JobStatsByResource extends Handler<typeof operations.jobStatsByResource> {
  readonly operation = operations.jobStatsByResource;

  constructor(private readonly statistics: StatisticsRepository) {
    super();
  }

  async handle() {
    const sites = emptyCounts();
    for (const { computingsite, resource_type, jobstatus, n } of await this.statistics.jobs()) {
      addCount(sites, [computingsite ?? 'NULL', resource_type ?? 'Undefined', jobstatus], n);
    }
    return sites;
  }
}
