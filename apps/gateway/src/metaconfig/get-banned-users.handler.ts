import { Injectable } from '@nestjs/common';
import { operations } from '@panda/contracts';
import { AccountRepository } from '@panda/database';
import { Handler } from '../http/call.js';

/** `status` of a user who may not use the system. Source: panda-server:pandaserver/taskbuffer/OraDBProxy.py@34d4b8f (checkBanUser). */
export const BANNED = 'disabled';

@Injectable()
export class GetBannedUsers extends Handler<typeof operations.getBannedUsers> {
  readonly operation = operations.getBannedUsers;

  constructor(private readonly accounts: AccountRepository) {
    super();
  }

  async handle() {
    const names = await this.accounts.banned(BANNED);
    return Object.fromEntries(names.map((name) => [name, false]));
  }
}
