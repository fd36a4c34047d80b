import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { JobQueryRepository } from '@panda/database';
import { Handler } from '../http/call.js';

@Injectable()
export class GetJobStatuses extends Handler<typeof operations.getJobStatuses> {
  readonly operation = operations.getJobStatuses;

  constructor(private readonly jobs: JobQueryRepository) {
    super();
  }

  async handle({ jobIds }: ArgsOf<typeof operations.getJobStatuses>) {
    const known = new Map((await this.jobs.statuses(jobIds)).map((job) => [job.pandaid, job]));
    return jobIds.map((jobId) => {
      const job = known.get(jobId);
      return { jobId, status: job?.jobstatus ?? null, attemptNr: job?.attemptnr ?? 0 };
    });
  }
}
