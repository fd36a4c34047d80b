import { Injectable } from '@nestjs/common';
import { Database } from '../kernel/database.js';
import { readJobStatistics, readShareUsage } from '../statements/job-statistics.js';

/** Numbers of live jobs, from the tables that the database keeps up to date. */
@Injectable()
export class StatisticsRepository {
  constructor(private readonly database: Database) {}

  jobs() {
    return this.database.run(readJobStatistics, {});
  }

  shareUsage(executing: readonly string[], queued: readonly string[]) {
    return this.database.run(readShareUsage, { executing: [...executing], queued: [...queued] });
  }
}
