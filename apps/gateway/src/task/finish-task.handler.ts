import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler } from '../http/call.js';
import { TaskCommands } from './task-commands.js';

@Injectable()
export class FinishTask extends Handler<typeof operations.finishTask> {
  readonly operation = operations.finishTask;

  constructor(private readonly commands: TaskCommands) {
    super();
  }

  /** The commando reads the comment: soft waits for running jobs. */
  handle({ taskId, soft }: ArgsOf<typeof operations.finishTask>, call: Call) {
    return this.commands.register('finish', taskId, call, { comment: soft ? 'soft finish' : null });
  }
}
