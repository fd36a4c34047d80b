import { Injectable } from '@nestjs/common';
import { operations } from '@panda/contracts';
import { StatisticsRepository } from '@panda/database';
import { Handler } from '../http/call.js';
import { addCount, emptyCounts } from './nested-counts.js';

@Injectable()
export class JobStatsByLabel extends Handler<typeof operations.jobStatsByLabel> {
  readonly operation = operations.jobStatsByLabel;

  constructor(private readonly statistics: StatisticsRepository) {
    super();
  }

  async handle() {
    const sites = emptyCounts();
    for (const row of await this.statistics.jobs()) {
      const path = [row.computingsite ?? 'NULL', row.resource_type ?? 'Undefined', row.prodsourcelabel ?? 'NULL', row.jobstatus];
      addCount(sites, path, row.n);
    }
    return sites;
  }
}
