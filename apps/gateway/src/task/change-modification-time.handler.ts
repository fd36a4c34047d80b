import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler } from '../http/call.js';
import { TaskCommands } from './task-commands.js';

@Injectable()
export class ChangeModificationTime extends Handler<typeof operations.changeModificationTime> {
  readonly operation = operations.changeModificationTime;

  constructor(private readonly commands: TaskCommands) {
    super();
  }

  async handle({ taskId, positiveHourOffset }: ArgsOf<typeof operations.changeModificationTime>, call: Call) {
    return { rows: await this.commands.shiftModification(taskId, positiveHourOffset, call), message: '' };
  }
}
