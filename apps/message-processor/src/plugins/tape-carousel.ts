import { readExternalMessage } from '../external-message.js';
import type { MessagePlugin } from './plugin.js';
import { takeStagedInput } from './staged-input.js';

/** Input comes from tape: iDDS tells file by file what is on disk. Spec: Data Carousel; panda-jedi:pandajedi/jedimsgprocessor. */
export const tapeCarousel: MessagePlugin = {
  name: 'tapeCarousel',
  modules: ['tape_carousel_msg_processor'],
  async handle(tx, payload, input) {
    const message = readExternalMessage(payload);
    if ('ignored' in message)
      return { plugin: this.name, outcome: 'ignored', reason: `the type ${message.ignored} is not known` };
    const { jediTaskId, process, relation } = message;
    if (process !== 'stagein' || relation !== 'output') {
      return {
        plugin: this.name,
        outcome: 'ignored',
        jediTaskId,
        reason: `${message.type} of ${relation} says nothing about staged input`,
      };
    }
    return takeStagedInput(tx, input, this.name, message);
  },
};
