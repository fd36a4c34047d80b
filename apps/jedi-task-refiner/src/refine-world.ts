import { Inject, Injectable } from '@nestjs/common';
import { OperatorTables } from '@panda/database';
import {
  type FoundDatasets,
  findShare,
  type ParentOfTask,
  type RefineWorld,
  resourceTypeOfTask,
  shareTree,
  type TaskSpec,
  tagShare,
} from '@panda/domain';
import { Ids } from '@panda/runtime';
import { type TaskRefinerConfig, taskRefinerKeys } from './task-refiner.config.js';

/** Looks at what refinement needs beside the task: operators' tables and the server's address. */
@Injectable()
export class RefineWorldReader {
  constructor(
    private readonly tables: OperatorTables,
    private readonly ids: Ids,
    @Inject(taskRefinerKeys.token) private readonly config: TaskRefinerConfig,
  ) {}

  async read(task: { found: FoundDatasets; parent: ParentOfTask | undefined }): Promise<RefineWorld> {
    const [shares, workQueues, resourceTypes] = await Promise.all([
      this.tables.shares(),
      this.tables.workQueues(),
      this.tables.resourceTypes(),
    ]);
    const tree = shareTree(shares);
    return {
      serverUrl: this.config.serverUrl,
      found: task.found,
      ...(task.parent ? { parent: task.parent } : {}),
      workQueues,
      isShare: (name) => findShare(tree, name)?.children.length === 0,
      shareOf: (spec) => tagShare(tree, { ...spec, rtype: null }),
      resourceTypeOf: (spec) => resourceTypeOfTask(resourceTypes, { ...spec, ramPerCore: isPerCore(spec) }),
      unique: () => this.ids.next().replaceAll('-', ''),
    };
  }
}

function isPerCore({ ramUnit }: TaskSpec): boolean {
  return ramUnit?.startsWith('MBPerCore') ?? false;
}
