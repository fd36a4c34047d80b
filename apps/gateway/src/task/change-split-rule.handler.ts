import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { SplitRule, type SplitRuleKey, splitRuleCodes } from '@panda/domain';
import { type Call, Handler, Refused } from '../http/call.js';
import { TaskCommands } from './task-commands.js';

/** What an operator may change on a task that is under way. Source: panda-server:pandaserver/userinterface/UserIF.py@34d4b8f. */
const CHANGEABLE: readonly SplitRuleKey[] = [
  't1Weight',
  'nEsConsumers',
  'nEventsPerWorker',
  'nMaxFilesPerJob',
  'nGBPerJob',
  'noInputPooling',
  'nFilesPerJob',
  'nJumboJobs',
  'avoidVP',
  'allowInputLAN',
  'useLocalIO',
];

@Injectable()
export class ChangeSplitRule extends Handler<typeof operations.changeSplitRule> {
  readonly operation = operations.changeSplitRule;

  constructor(private readonly commands: TaskCommands) {
    super();
  }

  async handle({ taskId, attributeName, value }: ArgsOf<typeof operations.changeSplitRule>, call: Call) {
    const key = CHANGEABLE.find((name) => splitRuleCodes[name].code === attributeName);
    if (key === undefined) return { rows: null, message: `disallowed to update ${JSON.stringify(attributeName.slice(0, 32))}` };
    const rows = await this.commands.changeSplitRule(taskId, (rules) => edited(rules, key, value), call);
    return { rows, message: '' };
  }
}

function edited(rules: string | null, key: SplitRuleKey, value: number): string {
  try {
    return SplitRule.parse(rules).with(key, value).toString();
  } catch (error) {
    if (error instanceof RangeError) throw Refused.argument(error.message);
    throw error;
  }
}
