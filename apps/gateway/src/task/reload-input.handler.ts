import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler } from '../http/call.js';
import { TaskCommands } from './task-commands.js';

@Injectable()
export class ReloadInput extends Handler<typeof operations.reloadInput> {
  readonly operation = operations.reloadInput;

  constructor(private readonly commands: TaskCommands) {
    super();
  }

  handle({ taskId }: ArgsOf<typeof operations.reloadInput>, call: Call) {
    return this.commands.register('incexec', taskId, call, { parameters: {} });
  }
}
