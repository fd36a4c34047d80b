import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { Handler } from '../http/call.js';
import { PilotCredentials } from './pilot-credentials.js';

@Injectable()
export class GetAccessToken extends Handler<typeof operations.getAccessToken> {
  readonly operation = operations.getAccessToken;

  constructor(private readonly credentials: PilotCredentials) {
    super();
  }

  handle({ clientName, tokenKey }: ArgsOf<typeof operations.getAccessToken>) {
    return this.credentials.accessToken(clientName, tokenKey);
  }
}
