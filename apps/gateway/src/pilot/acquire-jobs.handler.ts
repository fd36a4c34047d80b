import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler } from '../http/call.js';
import { JobDispatch } from './job-dispatch.js';

@Injectable()
export class AcquireJobs extends Handler<typeof operations.acquireJobs> {
  readonly operation = operations.acquireJobs;

  constructor(private readonly dispatch: JobDispatch) {
    super();
  }

  handle(args: ArgsOf<typeof operations.acquireJobs>, call: Call) {
    return this.dispatch.acquire(args, call);
  }

  /** No work is harmless: pilots sleep a minute or more and ask again. */
  override whenBusy() {
    return [];
  }
}
