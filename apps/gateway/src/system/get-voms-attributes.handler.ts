import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler, identityOf } from '../http/call.js';

@Injectable()
export class GetVomsAttributes extends Handler<typeof operations.getVomsAttributes> {
  readonly operation = operations.getVomsAttributes;

  async handle(_args: ArgsOf<typeof operations.getVomsAttributes>, call: Call) {
    return identityOf(call).fqans;
  }
}
