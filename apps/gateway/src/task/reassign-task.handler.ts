import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler, Refused } from '../http/call.js';
import { TaskCommands } from './task-commands.js';

@Injectable()
export class ReassignTask extends Handler<typeof operations.reassignTask> {
  readonly operation = operations.reassignTask;

  constructor(private readonly commands: TaskCommands) {
    super();
  }

  handle(args: ArgsOf<typeof operations.reassignTask>, call: Call) {
    return this.commands.register('reassign', args.taskId, call, { comment: destination(args) });
  }
}

const NAME = /^[A-Za-z0-9_.-]{1,60}$/;

/** `site:X:y` keeps running jobs, `nucleus:X:n` moves data; a suffix says what happens to jobs. Spec: Task Commando › reassign. */
function destination({ site, cloud, nucleus, soft, mode }: ArgsOf<typeof operations.reassignTask>): string {
  const wanted = [
    ['site', site, 'y'],
    ['nucleus', nucleus, 'n'],
    ['cloud', cloud, 'n'],
  ].find(([, name]) => name !== null) ?? ['', null, ''];
  const [kind, name, keep] = wanted;
  if (name === null || !NAME.test(String(name))) throw Refused.argument('one of site, cloud and nucleus must be given');
  if (mode !== null && mode !== 'soft' && mode !== 'nokill') throw Refused.argument('mode must be soft or nokill');
  const how = soft ? 'soft' : mode;
  return `${kind}:${name}:${keep}${how === null ? '' : `:${how} reassign`}`;
}
