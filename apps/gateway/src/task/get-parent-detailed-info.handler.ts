import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { TaskQueryRepository } from '@panda/database';
import { Handler } from '../http/call.js';
import { TaskSearchService } from './task-search.js';

@Injectable()
export class GetParentDetailedInfo extends Handler<typeof operations.getParentDetailedInfo> {
  readonly operation = operations.getParentDetailedInfo;

  constructor(
    private readonly tasks: TaskQueryRepository,
    private readonly search: TaskSearchService,
  ) {
    super();
  }

  async handle({ taskId }: ArgsOf<typeof operations.getParentDetailedInfo>) {
    const parent = await this.tasks.parent(taskId);
    if (parent === undefined) return 'Child task not found' as const;
    // A task without parent is its own parent in the table.
    if (parent === null || parent === taskId) return 'No parent task found' as const;
    return (await this.search.one(parent)) ?? ('Parent task not found' as const);
  }
}
