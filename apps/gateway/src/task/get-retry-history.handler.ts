import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { TaskQueryRepository } from '@panda/database';
import { Handler } from '../http/call.js';

/** Relations by which a new job continues an old one. Source: panda-server:pandaserver/taskbuffer/OraDBProxy.py@34d4b8f. */
const RELATIONS = ['', 'retry', 'pmerge', 'merge', 'jobset_retry', 'es_merge', 'local', 'originpandaid', 'jobset_id'];

@Injectable()
export class GetRetryHistory extends Handler<typeof operations.getRetryHistory> {
  readonly operation = operations.getRetryHistory;

  constructor(private readonly tasks: TaskQueryRepository) {
    super();
  }

  async handle({ taskId }: ArgsOf<typeof operations.getRetryHistory>) {
    const history = new Map<number, number[]>();
    for (const { oldpandaid, newpandaid } of await this.tasks.retryHistory(taskId, RELATIONS)) {
      history.set(oldpandaid, [...(history.get(oldpandaid) ?? []), newpandaid]);
    }
    return history;
  }
}
