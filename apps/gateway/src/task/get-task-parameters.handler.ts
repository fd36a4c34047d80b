import { Injectable } from '@nestjs/common';
import { type ArgsOf, isObject, operations } from '@panda/contracts';
import { TaskIntakeRepository } from '@panda/database';
import { type Call, Handler } from '../http/call.js';

@Injectable()
export class GetTaskParameters extends Handler<typeof operations.getTaskParameters> {
  readonly operation = operations.getTaskParameters;

  constructor(private readonly tasks: TaskIntakeRepository) {
    super();
  }

  async handle({ taskId }: ArgsOf<typeof operations.getTaskParameters>, call: Call) {
    const text = await this.tasks.parameters(taskId);
    if (text === null) return null;
    const parameters = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const own = call.caller !== null && parameters.userName === call.caller.userName;
    return own ? parameters : masked(parameters);
  }
}

const SECRET_KEY = /pass|secret|token|credential|(?:^|_)key/i;
/** Keys that only look like secrets: a storage token and a flag. */
const PLAIN_KEYS: readonly string[] = ['token', 'useSecrets'];

/** Values under keys that name a secret are hidden from everybody but the owner (reliability §8.5). */
function masked(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      SECRET_KEY.test(key) && !PLAIN_KEYS.includes(key) ? '***' : maskedItem(item),
    ]),
  );
}

function maskedItem(item: unknown): unknown {
  if (Array.isArray(item)) return item.map(maskedItem);
  return isObject(item) ? masked(item) : item;
}
