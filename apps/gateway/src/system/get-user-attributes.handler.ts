import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler, identityOf } from '../http/call.js';

@Injectable()
export class GetUserAttributes extends Handler<typeof operations.getUserAttributes> {
  readonly operation = operations.getUserAttributes;

  async handle(_args: ArgsOf<typeof operations.getUserAttributes>, call: Call) {
    const { userName, nickname, vo, roles, workingGroup, fqans, via } = identityOf(call);
    return { user_name: userName, nickname, vo, roles: [...roles], working_group: workingGroup, fqans, authenticated_by: via };
  }
}
