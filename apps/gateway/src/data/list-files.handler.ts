import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { Handler } from '../http/call.js';
import { UserData } from './user-data.js';

@Injectable()
export class ListFiles extends Handler<typeof operations.listFiles> {
  readonly operation = operations.listFiles;

  constructor(private readonly data: UserData) {
    super();
  }

  handle({ dataset, limit, offset }: ArgsOf<typeof operations.listFiles>) {
    return this.data.files(dataset, limit, offset);
  }
}
