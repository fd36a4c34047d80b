import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { OperatorTables } from '@panda/database';
import { type Call, Handler } from '../http/call.js';
import { TaskCommands } from './task-commands.js';

@Injectable()
export class ReassignShare extends Handler<typeof operations.reassignShare> {
  readonly operation = operations.reassignShare;

  constructor(
    private readonly commands: TaskCommands,
    private readonly tables: OperatorTables,
  ) {
    super();
  }

  async handle({ taskIdList, share, reassignRunningJobs }: ArgsOf<typeof operations.reassignShare>, call: Call) {
    const known = (await this.tables.shares()).some(({ name }) => name === share);
    if (!known) return { rows: null, message: `no global share is named ${JSON.stringify(share.slice(0, 32))}` };
    return { rows: await this.commands.moveToShare(taskIdList, share, reassignRunningJobs, call), message: '' };
  }
}
