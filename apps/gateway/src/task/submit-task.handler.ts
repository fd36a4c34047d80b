import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler } from '../http/call.js';
import { TaskSubmission } from './task-submission.js';

@Injectable()
export class SubmitTask extends Handler<typeof operations.submitTask> {
  readonly operation = operations.submitTask;

  constructor(private readonly submission: TaskSubmission) {
    super();
  }

  handle({ taskParameters, parentTid }: ArgsOf<typeof operations.submitTask>, call: Call) {
    return this.submission.submit(taskParameters, parentTid, call);
  }
}
