import { Injectable } from '@nestjs/common';
import { drivingDatasetTypes } from '@panda/domain';
import { Database } from '../kernel/database.js';
import { failedJobs } from '../statements/retry-module.js';

/** What the retry rules judge. */
@Injectable()
export class FailedJobRepository {
  constructor(private readonly database: Database) {}

  /** Live jobs of tasks that are about to fail, with the needs of their tasks. */
  look(ids: readonly number[]) {
    return this.database.run(failedJobs, { ids: [...ids], inputTypes: [...drivingDatasetTypes] });
  }
}
