import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler } from '../http/call.js';
import { TaskCommands } from './task-commands.js';

const CHANGEABLE: readonly string[] = ['ramCount', 'wallTime', 'cpuTime', 'coreCount'];

@Injectable()
export class ChangeAttribute extends Handler<typeof operations.changeAttribute> {
  readonly operation = operations.changeAttribute;

  constructor(private readonly commands: TaskCommands) {
    super();
  }

  async handle({ taskId, attributeName, value }: ArgsOf<typeof operations.changeAttribute>, call: Call) {
    if (!CHANGEABLE.includes(attributeName)) return { rows: null, message: `disallowed to update ${attributeName.slice(0, 32)}` };
    const rows = await this.commands.changeAttribute(taskId, attributeName, value, call);
    return { rows, message: '' };
  }
}
