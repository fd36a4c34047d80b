import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { OperatorTables } from '@panda/database';
import { Handler } from '../http/call.js';
import { platformsOf } from './software-tags.js';

@Injectable()
export class GetCmtConfigList extends Handler<typeof operations.getCmtConfigList> {
  readonly operation = operations.getCmtConfigList;

  constructor(private readonly tables: OperatorTables) {
    super();
  }

  async handle({ release }: ArgsOf<typeof operations.getCmtConfigList>) {
    const tags = (await this.tables.softwareTags()).flatMap(({ data }) => platformsOf(data, release));
    return [...new Set(tags)].sort();
  }
}
