import { terminalTaskStatuses } from '@panda/domain';
import { malformed, type OutsideItem, readExternalMessage } from '../external-message.js';
import type { MessagePlugin } from './plugin.js';

const NEW = 'new';

/** Points of a hyperparameter search: new ones become events of the task; when no more will come the task finishes. */
export const hyperparameters: MessagePlugin = {
  name: 'hyperparameters',
  modules: ['hpo_msg_processor'],
  async handle(tx, payload, input) {
    const message = readExternalMessage(payload);
    if ('ignored' in message)
      return { plugin: this.name, outcome: 'ignored', reason: `the type ${message.ignored} is not known` };
    const { jediTaskId, process, kind, items } = message;
    if (process !== 'hyperparameteropt' || kind === 'work') {
      return { plugin: this.name, outcome: 'ignored', jediTaskId, reason: `${message.type} says nothing about points` };
    }
    if (kind === 'collection') {
      const finishing = await input.finishSoftly(tx, jediTaskId, terminalTaskStatuses);
      return { plugin: this.name, outcome: 'done', jediTaskId, changed: finishing ? 1 : 0 };
    }
    const points = items.filter(({ status }) => status.toLowerCase() === NEW).map(pointOf);
    const added = points.length > 0 ? await input.points(tx, jediTaskId, points) : [];
    if (added.length > 0) await input.goOn(tx, jediTaskId, { allStaged: false, isNews: true, needsFeeding: false });
    return { plugin: this.name, outcome: 'done', jediTaskId, changed: added.length };
  },
};

/** The name is the number of the point; the path, if any, is JSON whose first entry begins with the model. */
function pointOf({ name, path }: OutsideItem): { id: number; model: string | null } {
  if (!/^\d{1,15}$/.test(name)) throw malformed(`'${name}' is no number of a point`);
  return { id: Number(name), model: path === null ? null : modelOf(path) };
}

function modelOf(path: string): string | null {
  try {
    const value: unknown = JSON.parse(path);
    const first: unknown = Array.isArray(value) ? value[0] : undefined;
    const model: unknown = Array.isArray(first) ? first[0] : undefined;
    return typeof model === 'string' || typeof model === 'number' ? String(model) : null;
  } catch {
    return null; // a plain path names no model
  }
}
