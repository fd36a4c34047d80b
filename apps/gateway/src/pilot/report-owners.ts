import { Injectable } from '@nestjs/common';
import { JobQueryRepository } from '@panda/database';

/** Whose jobs a caller without a pilot's role reports about. */
@Injectable()
export class ReportOwners {
  constructor(private readonly jobs: JobQueryRepository) {}

  /** True when one of the jobs is somebody else's. Unknown jobs are nobody's: their report has no effect anyway. */
  async foreign(ids: readonly number[], userName: string): Promise<boolean> {
    return (await this.jobs.byIds(ids)).some(({ produsername }) => produsername !== userName);
  }
}
