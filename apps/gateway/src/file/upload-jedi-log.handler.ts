import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler } from '../http/call.js';
import { LogsAndCheckpoints } from './logs-and-checkpoints.js';

@Injectable()
export class UploadJediLog extends Handler<typeof operations.uploadJediLog> {
  readonly operation = operations.uploadJediLog;

  constructor(private readonly files: LogsAndCheckpoints) {
    super();
  }

  handle(_args: ArgsOf<typeof operations.uploadJediLog>, call: Call) {
    return this.files.storeLog(call);
  }
}
