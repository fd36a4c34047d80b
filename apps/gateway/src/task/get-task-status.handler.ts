import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { TaskQueryRepository } from '@panda/database';
import { Handler } from '../http/call.js';

@Injectable()
export class GetTaskStatus extends Handler<typeof operations.getTaskStatus> {
  readonly operation = operations.getTaskStatus;

  constructor(private readonly tasks: TaskQueryRepository) {
    super();
  }

  handle({ taskId }: ArgsOf<typeof operations.getTaskStatus>) {
    return this.tasks.status(taskId);
  }
}
