import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler } from '../http/call.js';
import { UserSecrets } from './user-secrets.js';

@Injectable()
export class SetUserSecret extends Handler<typeof operations.setUserSecret> {
  readonly operation = operations.setUserSecret;

  constructor(private readonly secrets: UserSecrets) {
    super();
  }

  handle({ key, value }: ArgsOf<typeof operations.setUserSecret>, call: Call) {
    return this.secrets.set(key, value, call);
  }
}
