import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler } from '../http/call.js';
import { TaskCommands } from './task-commands.js';

@Injectable()
export class ReactivateTask extends Handler<typeof operations.reactivateTask> {
  readonly operation = operations.reactivateTask;

  constructor(private readonly commands: TaskCommands) {
    super();
  }

  handle({ taskId }: ArgsOf<typeof operations.reactivateTask>, call: Call) {
    return this.commands.reactivate(taskId, call);
  }
}
