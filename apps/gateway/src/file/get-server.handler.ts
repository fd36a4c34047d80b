import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler } from '../http/call.js';

@Injectable()
export class GetServer extends Handler<typeof operations.getServer> {
  readonly operation = operations.getServer;

  async handle(_args: ArgsOf<typeof operations.getServer>, call: Call) {
    return new URL(call.baseUrl).host;
  }
}
