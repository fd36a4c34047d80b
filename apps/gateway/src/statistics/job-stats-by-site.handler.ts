import { Injectable } from '@nestjs/common';
import { operations } from '@panda/contracts';
import { StatisticsRepository } from '@panda/database';
import { Handler } from '../http/call.js';
import { addCount, emptyCounts } from './nested-counts.js';

@Injectable()
export class JobStatsBySite extends Handler<typeof operations.jobStatsBySite> {
  readonly operation = operations.jobStatsBySite;

  constructor(private readonly statistics: StatisticsRepository) {
    super();
  }

  async handle() {
    const sites = emptyCounts();
    for (const { computingsite, jobstatus, n } of await this.statistics.jobs()) {
      addCount(sites, [computingsite ?? 'NULL', jobstatus], n);
    }
    return sites;
  }
}
