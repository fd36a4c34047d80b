import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { JobQueryRepository, type JobRow } from '@panda/database';
import { unsuccessfulJobStatuses } from '@panda/domain';
import { Handler } from '../http/call.js';
import { jobAttributesOf } from '../job/job-view.js';

@Injectable()
export class GetJobDescriptions extends Handler<typeof operations.getJobDescriptions> {
  readonly operation = operations.getJobDescriptions;

  constructor(private readonly jobs: JobQueryRepository) {
    super();
  }

  async handle({ taskId, unsuccessfulOnly }: ArgsOf<typeof operations.getJobDescriptions>) {
    const statuses = unsuccessfulOnly ? [...unsuccessfulJobStatuses] : null;
    const rows = await this.jobs.search({
      taskId,
      userName: null,
      queue: null,
      statuses,
      since: null,
      limit: operations.JOB_IDS_MAX,
    });
    return rows.map((row) => ({
      ...jobAttributesOf(row),
      jobDuration: durationS(row),
      extendedProdSourceLabel: row.prodsourcelabel,
    }));
  }
}

function durationS({ starttime, endtime }: JobRow): number | null {
  return starttime instanceof Date && endtime instanceof Date ? (endtime.getTime() - starttime.getTime()) / 1_000 : null;
}
