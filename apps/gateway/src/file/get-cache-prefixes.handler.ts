import { Injectable } from '@nestjs/common';
import { operations } from '@panda/contracts';
import { OperatorTables } from '@panda/database';
import { Handler } from '../http/call.js';
import { projectsOf } from './software-tags.js';

@Injectable()
export class GetCachePrefixes extends Handler<typeof operations.getCachePrefixes> {
  readonly operation = operations.getCachePrefixes;

  constructor(private readonly tables: OperatorTables) {
    super();
  }

  async handle() {
    const tags = (await this.tables.softwareTags()).flatMap(({ data }) => projectsOf(data));
    return [...new Set(tags)].sort();
  }
}
