import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { Handler } from '../http/call.js';
import { PilotCredentials } from './pilot-credentials.js';

@Injectable()
export class GetKeyPair extends Handler<typeof operations.getKeyPair> {
  readonly operation = operations.getKeyPair;

  constructor(private readonly credentials: PilotCredentials) {
    super();
  }

  handle({ publicKeyName, privateKeyName }: ArgsOf<typeof operations.getKeyPair>) {
    return this.credentials.keyPair(publicKeyName, privateKeyName);
  }
}
