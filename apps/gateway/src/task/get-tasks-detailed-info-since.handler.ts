import { Injectable } from '@nestjs/common';
import { type ArgsOf, isObject, operations } from '@panda/contracts';
import { type Call, Handler, identityOf, Refused } from '../http/call.js';
import { TaskSearchService } from './task-search.js';

@Injectable()
export class GetTasksDetailedInfoSince extends Handler<typeof operations.getTasksDetailedInfoSince> {
  readonly operation = operations.getTasksDetailedInfoSince;

  constructor(private readonly search: TaskSearchService) {
    super();
  }

  handle({ nTasks, since, filters }: ArgsOf<typeof operations.getTasksDetailedInfoSince>, call: Call) {
    if (filters !== null && !isObject(filters)) throw Refused.argument('filters must be a JSON object');
    return this.search.detailed({ limit: nTasks, since, filters: filters ?? {}, caller: identityOf(call) });
  }
}
