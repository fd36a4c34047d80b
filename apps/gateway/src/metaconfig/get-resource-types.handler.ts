import { Injectable } from '@nestjs/common';
import { operations } from '@panda/contracts';
import { OperatorTables } from '@panda/database';
import { Handler } from '../http/call.js';

@Injectable()
export class GetResourceTypes extends Handler<typeof operations.getResourceTypes> {
  readonly operation = operations.getResourceTypes;

  constructor(private readonly tables: OperatorTables) {
    super();
  }

  async handle() {
    return (await this.tables.resourceTypes()).map(({ name, minCore, maxCore, minRamPerCore, maxRamPerCore }) => ({
      resource_name: name,
      mincore: minCore,
      maxcore: maxCore,
      minrampercore: minRamPerCore,
      maxrampercore: maxRamPerCore,
    }));
  }
}
