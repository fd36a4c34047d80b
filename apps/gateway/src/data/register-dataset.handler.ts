import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler, identityOf } from '../http/call.js';
import { UserData } from './user-data.js';

@Injectable()
export class RegisterDataset extends Handler<typeof operations.registerDataset> {
  readonly operation = operations.registerDataset;

  constructor(private readonly data: UserData) {
    super();
  }

  handle({ name, type, members }: ArgsOf<typeof operations.registerDataset>, call: Call) {
    return this.data.register(name, type ?? 'dataset', members, identityOf(call));
  }
}
