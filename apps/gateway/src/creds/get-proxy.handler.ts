import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { Handler } from '../http/call.js';
import { PilotCredentials } from './pilot-credentials.js';

@Injectable()
export class GetProxy extends Handler<typeof operations.getProxy> {
  readonly operation = operations.getProxy;

  constructor(private readonly credentials: PilotCredentials) {
    super();
  }

  handle({ role }: ArgsOf<typeof operations.getProxy>) {
    return this.credentials.proxy(role);
  }
}
