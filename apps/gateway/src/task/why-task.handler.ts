import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { Handler } from '../http/call.js';
import { TaskExplanation } from './task-explanation.js';

@Injectable()
export class WhyTask extends Handler<typeof operations.whyTask> {
  readonly operation = operations.whyTask;

  constructor(private readonly explanations: TaskExplanation) {
    super();
  }

  handle({ taskId }: ArgsOf<typeof operations.whyTask>) {
    return this.explanations.explain(taskId);
  }
}
