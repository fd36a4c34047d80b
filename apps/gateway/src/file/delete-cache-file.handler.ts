import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler } from '../http/call.js';
import { Sandboxes } from './sandboxes.js';

@Injectable()
export class DeleteCacheFile extends Handler<typeof operations.deleteCacheFile> {
  readonly operation = operations.deleteCacheFile;

  constructor(private readonly sandboxes: Sandboxes) {
    super();
  }

  handle({ fileName }: ArgsOf<typeof operations.deleteCacheFile>, call: Call) {
    return this.sandboxes.remove(fileName, call);
  }
}
