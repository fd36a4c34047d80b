import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler } from '../http/call.js';
import { TaskCommands } from './task-commands.js';

@Injectable()
export class ResumeTask extends Handler<typeof operations.resumeTask> {
  readonly operation = operations.resumeTask;

  constructor(private readonly commands: TaskCommands) {
    super();
  }

  handle({ taskId }: ArgsOf<typeof operations.resumeTask>, call: Call) {
    return this.commands.register('resume', taskId, call);
  }
}
