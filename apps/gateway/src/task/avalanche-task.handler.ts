import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler } from '../http/call.js';
import { TaskCommands } from './task-commands.js';

@Injectable()
export class AvalancheTask extends Handler<typeof operations.avalancheTask> {
  readonly operation = operations.avalancheTask;

  constructor(private readonly commands: TaskCommands) {
    super();
  }

  handle({ taskId }: ArgsOf<typeof operations.avalancheTask>, call: Call) {
    return this.commands.register('avalanche', taskId, call);
  }
}
