import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { Handler } from '../http/call.js';
import { UserData } from './user-data.js';

@Injectable()
export class DownloadFile extends Handler<typeof operations.downloadFile> {
  readonly operation = operations.downloadFile;

  constructor(private readonly data: UserData) {
    super();
  }

  handle({ lfn, dataset }: ArgsOf<typeof operations.downloadFile>) {
    return this.data.open(lfn, dataset);
  }
}
