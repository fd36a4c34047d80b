import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler } from '../http/call.js';
import { TaskCommands } from './task-commands.js';

@Injectable()
export class PauseTask extends Handler<typeof operations.pauseTask> {
  readonly operation = operations.pauseTask;

  constructor(private readonly commands: TaskCommands) {
    super();
  }

  handle({ taskId }: ArgsOf<typeof operations.pauseTask>, call: Call) {
    return this.commands.register('pause', taskId, call);
  }
}
