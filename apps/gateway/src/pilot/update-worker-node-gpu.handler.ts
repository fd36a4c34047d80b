import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { HarvesterRepository } from '@panda/database';
import { Handler } from '../http/call.js';
import { whole } from './scalars.js';

@Injectable()
export class UpdateWorkerNodeGpu extends Handler<typeof operations.updateWorkerNodeGpu> {
  readonly operation = operations.updateWorkerNodeGpu;

  constructor(private readonly harvesters: HarvesterRepository) {
    super();
  }

  async handle(args: ArgsOf<typeof operations.updateWorkerNodeGpu>) {
    const { site, hostName: host, vendor, model, count, architecture, framework, frameworkVersion, driverVersion } = args;
    const vram = whole(args.vram);
    await this.harvesters.upsertGpu({
      site,
      host,
      vendor,
      model,
      count,
      vram,
      architecture,
      framework,
      frameworkVersion,
      driverVersion,
    });
    return null;
  }
}
