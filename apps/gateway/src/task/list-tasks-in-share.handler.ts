import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { TaskQueryRepository } from '@panda/database';
import { Handler } from '../http/call.js';

const TASKS_MAX = 100_000;

@Injectable()
export class ListTasksInShare extends Handler<typeof operations.listTasksInShare> {
  readonly operation = operations.listTasksInShare;

  constructor(private readonly tasks: TaskQueryRepository) {
    super();
  }

  handle({ gshare, status }: ArgsOf<typeof operations.listTasksInShare>) {
    return this.tasks.inShare(gshare, status, TASKS_MAX);
  }
}
