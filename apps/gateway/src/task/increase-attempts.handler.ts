import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler } from '../http/call.js';
import { TaskCommands } from './task-commands.js';

@Injectable()
export class IncreaseAttempts extends Handler<typeof operations.increaseAttempts> {
  readonly operation = operations.increaseAttempts;

  constructor(private readonly commands: TaskCommands) {
    super();
  }

  handle({ taskId, increase }: ArgsOf<typeof operations.increaseAttempts>, call: Call) {
    return this.commands.increaseAttempts(taskId, increase, call);
  }
}
