import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { TaskQueryRepository } from '@panda/database';
import { Handler } from '../http/call.js';

@Injectable()
export class GetJobIds extends Handler<typeof operations.getJobIds> {
  readonly operation = operations.getJobIds;

  constructor(private readonly tasks: TaskQueryRepository) {
    super();
  }

  async handle({ taskId }: ArgsOf<typeof operations.getJobIds>) {
    return (await this.tasks.jobIds(taskId, operations.JOB_IDS_OF_TASK_MAX)).map(({ pandaid }) => pandaid);
  }
}
