import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { Handler } from '../http/call.js';
import { TaskSearchService } from './task-search.js';

@Injectable()
export class GetDetailedInfo extends Handler<typeof operations.getDetailedInfo> {
  readonly operation = operations.getDetailedInfo;

  constructor(private readonly search: TaskSearchService) {
    super();
  }

  handle({ taskId }: ArgsOf<typeof operations.getDetailedInfo>) {
    return this.search.one(taskId);
  }
}
