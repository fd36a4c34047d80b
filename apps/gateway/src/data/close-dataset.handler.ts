import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler, identityOf } from '../http/call.js';
import { UserData } from './user-data.js';

@Injectable()
export class CloseDataset extends Handler<typeof operations.closeDataset> {
  readonly operation = operations.closeDataset;

  constructor(private readonly data: UserData) {
    super();
  }

  handle({ name }: ArgsOf<typeof operations.closeDataset>, call: Call) {
    return this.data.close(name, identityOf(call));
  }
}
