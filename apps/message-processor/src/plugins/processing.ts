import { readExternalMessage } from '../external-message.js';
import type { MessagePlugin } from './plugin.js';
import { takeStagedInput } from './staged-input.js';

/** A workflow makes the input of a task step by step; files that will not come are missing. */
export const processing: MessagePlugin = {
  name: 'processing',
  modules: ['processing_msg_processor'],
  async handle(tx, payload, input) {
    const message = readExternalMessage(payload);
    if ('ignored' in message)
      return { plugin: this.name, outcome: 'ignored', reason: `the type ${message.ignored} is not known` };
    const { jediTaskId, process, relation } = message;
    if (process !== 'processing' || relation !== 'input') {
      return {
        plugin: this.name,
        outcome: 'ignored',
        jediTaskId,
        reason: `${message.type} of ${relation} says nothing about input`,
      };
    }
    return takeStagedInput(tx, input, this.name, message);
  },
};
