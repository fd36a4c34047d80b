import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler } from '../http/call.js';
import { Sandboxes } from './sandboxes.js';

@Injectable()
export class UploadCacheFile extends Handler<typeof operations.uploadCacheFile> {
  readonly operation = operations.uploadCacheFile;

  constructor(private readonly sandboxes: Sandboxes) {
    super();
  }

  handle(_args: ArgsOf<typeof operations.uploadCacheFile>, call: Call) {
    return this.sandboxes.store(call);
  }
}
