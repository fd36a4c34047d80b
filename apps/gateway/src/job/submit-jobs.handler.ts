import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler } from '../http/call.js';
import { JobSubmission } from './job-submission.js';

@Injectable()
export class SubmitJobs extends Handler<typeof operations.submitJobs> {
  readonly operation = operations.submitJobs;

  constructor(private readonly submission: JobSubmission) {
    super();
  }

  handle({ jobs }: ArgsOf<typeof operations.submitJobs>, call: Call) {
    return this.submission.submit(jobs, call);
  }
}
