import { Injectable } from '@nestjs/common';
import { Database, type Session } from '../kernel/database.js';
import { readJobStatistics, readShareUsage } from '../statements/job-statistics.js';
import { foldJobStats, refreshTypicalInput } from '../statements/retention.js';

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

  /** Adds up to `limit` differences up; returns how many. `fence` ends the transaction of a writer under a lease. */
  fold(limit: number, fence: (session: Session) => Promise<void>): Promise<number> {
    return this.database.transaction(async (tx) => {
      const [row] = await tx.run(foldJobStats, { limit });
      await fence(tx);
      return row?.folded ?? 0;
    });
  }

  async refreshTypicalInput(fence: (session: Session) => Promise<void>): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.run(refreshTypicalInput, {});
      await fence(tx);
    });
  }
}
