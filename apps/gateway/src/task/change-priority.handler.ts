import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler } from '../http/call.js';
import { TaskCommands } from './task-commands.js';

@Injectable()
export class ChangePriority extends Handler<typeof operations.changePriority> {
  readonly operation = operations.changePriority;

  constructor(private readonly commands: TaskCommands) {
    super();
  }

  async handle({ taskId, priority }: ArgsOf<typeof operations.changePriority>, call: Call) {
    const rows = await this.commands.changePriority(taskId, priority, call);
    return { rows, message: rows === 1 ? '' : 'the task is unknown or has ended' };
  }
}
