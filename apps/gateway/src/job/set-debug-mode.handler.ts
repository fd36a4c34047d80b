import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler } from '../http/call.js';
import { DebugMode } from './debug-mode.js';

@Injectable()
export class SetDebugMode extends Handler<typeof operations.setDebugMode> {
  readonly operation = operations.setDebugMode;

  constructor(private readonly debugMode: DebugMode) {
    super();
  }

  handle({ jobId, mode }: ArgsOf<typeof operations.setDebugMode>, call: Call) {
    return this.debugMode.set(jobId, mode, call);
  }
}
