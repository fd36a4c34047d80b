import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { OperatorTables } from '@panda/database';
import { Handler } from '../http/call.js';

@Injectable()
export class GetSiteSpecs extends Handler<typeof operations.getSiteSpecs> {
  readonly operation = operations.getSiteSpecs;

  constructor(private readonly tables: OperatorTables) {
    super();
  }

  async handle({ siteType }: ArgsOf<typeof operations.getSiteSpecs>) {
    const queues = await this.tables.queues();
    const fits = queues.filter(({ data }) => siteType === 'all' || data.type === siteType || data.type === 'unified');
    return Object.fromEntries(fits.map(({ name, data }) => [name, plain(data)]));
  }
}

/** Scalars only: maps of storages and slots are not part of the answer. */
function plain(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => typeof value !== 'object' || value === null));
}
