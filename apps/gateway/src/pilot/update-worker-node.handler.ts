import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { HarvesterRepository } from '@panda/database';
import { Handler } from '../http/call.js';
import { decimal, whole } from './scalars.js';

@Injectable()
export class UpdateWorkerNode extends Handler<typeof operations.updateWorkerNode> {
  readonly operation = operations.updateWorkerNode;

  constructor(private readonly harvesters: HarvesterRepository) {
    super();
  }

  async handle(args: ArgsOf<typeof operations.updateWorkerNode>) {
    await this.harvesters.upsertNode({
      site: args.site,
      host: args.hostName,
      model: args.cpuModel,
      logicalCpus: whole(args.nLogicalCpus),
      sockets: whole(args.nSockets),
      coresPerSocket: whole(args.coresPerSocket),
      threadsPerCore: whole(args.threadsPerCore),
      architecture: args.cpuArchitecture,
      level: args.cpuArchitectureLevel,
      clockSpeed: decimal(args.clockSpeed, 9_999_999),
      memory: whole(args.totalMemory),
      disk: whole(args.totalLocalDisk),
    });
    return null;
  }
}
