import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { Handler } from '../http/call.js';
import { JobExplanation } from './job-explanation.js';

@Injectable()
export class WhyJob extends Handler<typeof operations.whyJob> {
  readonly operation = operations.whyJob;

  constructor(private readonly explanations: JobExplanation) {
    super();
  }

  handle({ jobId }: ArgsOf<typeof operations.whyJob>) {
    return this.explanations.explain(jobId);
  }
}
