import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler, identityOf } from '../http/call.js';
import { UserData } from './user-data.js';

@Injectable()
export class ListDatasets extends Handler<typeof operations.listDatasets> {
  readonly operation = operations.listDatasets;

  constructor(private readonly data: UserData) {
    super();
  }

  handle({ pattern, limit, offset }: ArgsOf<typeof operations.listDatasets>, call: Call) {
    return this.data.datasets(pattern, limit, offset, identityOf(call));
  }
}
