import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { Handler } from '../http/call.js';
import { PilotCredentials } from './pilot-credentials.js';

@Injectable()
export class GetTokenKey extends Handler<typeof operations.getTokenKey> {
  readonly operation = operations.getTokenKey;

  constructor(private readonly credentials: PilotCredentials) {
    super();
  }

  handle({ clientName }: ArgsOf<typeof operations.getTokenKey>) {
    return this.credentials.tokenKey(clientName);
  }
}
