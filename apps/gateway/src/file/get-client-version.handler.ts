import { Injectable } from '@nestjs/common';
import { operations } from '@panda/contracts';
import { Handler } from '../http/call.js';

/** The newest panda-client this server was verified with; clients print a hint when theirs is older. */
const NEWEST_CLIENT = '2.0.2';

@Injectable()
export class GetClientVersion extends Handler<typeof operations.getClientVersion> {
  readonly operation = operations.getClientVersion;

  async handle() {
    return NEWEST_CLIENT;
  }
}
