import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler } from '../http/call.js';
import { TaskCommands } from './task-commands.js';

@Injectable()
export class ReleaseTask extends Handler<typeof operations.releaseTask> {
  readonly operation = operations.releaseTask;

  constructor(private readonly commands: TaskCommands) {
    super();
  }

  handle({ taskId }: ArgsOf<typeof operations.releaseTask>, call: Call) {
    return this.commands.register('release', taskId, call);
  }
}
