import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { Handler } from '../http/call.js';
import { LogsAndCheckpoints } from './logs-and-checkpoints.js';

@Injectable()
export class DeleteCheckpoint extends Handler<typeof operations.deleteCheckpoint> {
  readonly operation = operations.deleteCheckpoint;

  constructor(private readonly files: LogsAndCheckpoints) {
    super();
  }

  handle({ taskId, subId }: ArgsOf<typeof operations.deleteCheckpoint>) {
    return this.files.removeCheckpoint(taskId, subId);
  }
}
