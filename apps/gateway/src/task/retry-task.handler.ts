import { Injectable } from '@nestjs/common';
import { type ArgsOf, isObject, operations } from '@panda/contracts';
import { type Call, Handler, Refused } from '../http/call.js';
import { TaskCommands } from './task-commands.js';
import { TaskSubmission } from './task-submission.js';

@Injectable()
export class RetryTask extends Handler<typeof operations.retryTask> {
  readonly operation = operations.retryTask;

  constructor(
    private readonly commands: TaskCommands,
    private readonly submission: TaskSubmission,
  ) {
    super();
  }

  handle(args: ArgsOf<typeof operations.retryTask>, call: Call) {
    const { taskId, newParameters } = args;
    if (newParameters !== null && !isObject(newParameters)) throw Refused.argument('new_parameters must be a JSON object');
    if (newParameters && Object.keys(newParameters).length > 0) return this.submission.resubmit(taskId, newParameters, call);
    return this.commands.register('retry', taskId, call, { comment: flags(args) });
  }
}

/** Options travel in the comment of the command. Source: panda-server:pandaserver/taskbuffer/OraDBProxy.py@34d4b8f (sendCommandTaskPanda). */
function flags({
  noChildRetry,
  discardEvents,
  disableStagingMode,
  keepGsharePriority,
}: ArgsOf<typeof operations.retryTask>): string | null {
  const given = [
    noChildRetry ? 'no child retry' : '',
    discardEvents ? 'discard' : '',
    disableStagingMode ? 'disable staging' : '',
    keepGsharePriority ? 'keep gshare priority' : '',
  ].filter((flag) => flag !== '');
  return given.length === 0 ? null : given.join(',');
}
