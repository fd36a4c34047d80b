import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler, identityOf } from '../http/call.js';
import { UserSecrets } from './user-secrets.js';

@Injectable()
export class GetUserSecrets extends Handler<typeof operations.getUserSecrets> {
  readonly operation = operations.getUserSecrets;

  constructor(private readonly secrets: UserSecrets) {
    super();
  }

  handle({ keys }: ArgsOf<typeof operations.getUserSecrets>, call: Call) {
    return this.secrets.get(identityOf(call).userName, keys);
  }
}
