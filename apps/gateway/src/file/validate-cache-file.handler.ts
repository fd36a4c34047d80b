import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler } from '../http/call.js';
import { Sandboxes } from './sandboxes.js';

@Injectable()
export class ValidateCacheFile extends Handler<typeof operations.validateCacheFile> {
  readonly operation = operations.validateCacheFile;

  constructor(private readonly sandboxes: Sandboxes) {
    super();
  }

  handle({ fileSize, checksum }: ArgsOf<typeof operations.validateCacheFile>, call: Call) {
    return this.sandboxes.find(fileSize, checksum, call);
  }
}
