import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler } from '../http/call.js';
import { Sandboxes } from './sandboxes.js';

@Injectable()
export class TouchCacheFile extends Handler<typeof operations.touchCacheFile> {
  readonly operation = operations.touchCacheFile;

  constructor(private readonly sandboxes: Sandboxes) {
    super();
  }

  handle({ fileName }: ArgsOf<typeof operations.touchCacheFile>, call: Call) {
    return this.sandboxes.touch(fileName, call);
  }
}
