import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { Handler } from '../http/call.js';
import { LogsAndCheckpoints } from './logs-and-checkpoints.js';

@Injectable()
export class DownloadLog extends Handler<typeof operations.downloadLog> {
  readonly operation = operations.downloadLog;

  constructor(private readonly files: LogsAndCheckpoints) {
    super();
  }

  handle({ logName, offset, size }: ArgsOf<typeof operations.downloadLog>) {
    return this.files.readLog(logName, offset, size);
  }
}
