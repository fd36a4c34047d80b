import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler } from '../http/call.js';
import { TaskCommands } from './task-commands.js';

@Injectable()
export class KillTask extends Handler<typeof operations.killTask> {
  readonly operation = operations.killTask;

  constructor(private readonly commands: TaskCommands) {
    super();
  }

  handle({ taskId }: ArgsOf<typeof operations.killTask>, call: Call) {
    return this.commands.register('kill', taskId, call);
  }
}
