import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler } from '../http/call.js';
import { LogsAndCheckpoints } from './logs-and-checkpoints.js';

@Injectable()
export class UploadCheckpoint extends Handler<typeof operations.uploadCheckpoint> {
  readonly operation = operations.uploadCheckpoint;

  constructor(private readonly files: LogsAndCheckpoints) {
    super();
  }

  handle(_args: ArgsOf<typeof operations.uploadCheckpoint>, call: Call) {
    return this.files.storeCheckpoint(call);
  }
}
