import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { JobQueryRepository } from '@panda/database';
import { Handler } from '../http/call.js';
import { jobRecords } from './job-view.js';

@Injectable()
export class GetFullJobStatus extends Handler<typeof operations.getFullJobStatus> {
  readonly operation = operations.getFullJobStatus;

  constructor(private readonly jobs: JobQueryRepository) {
    super();
  }

  async handle({ jobIds }: ArgsOf<typeof operations.getFullJobStatus>) {
    const ids = jobIds.slice(0, operations.JOB_IDS_MAX);
    const [jobs, files] = await Promise.all([this.jobs.byIds(ids), this.jobs.files(ids)]);
    return jobRecords(ids, jobs, files);
  }
}
