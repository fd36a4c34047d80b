import { objectOf, readExternalMessage } from '../external-message.js';
import { callback } from './callback.js';
import { hyperparameters } from './hyperparameters.js';
import type { MessagePlugin } from './plugin.js';
import { processing } from './processing.js';
import { tapeCarousel } from './tape-carousel.js';

/** By what a message is about. Active learning sends the same messages as processing, and decides about nothing here. */
const byProcess: Readonly<Record<string, MessagePlugin>> = {
  stagein: tapeCarousel,
  processing,
  hyperparameteropt: hyperparameters,
};

/** Any message of iDDS or Rucio, given to the plug-in for its type; others are ignored. */
export const dispatch: MessagePlugin = {
  name: 'dispatch',
  modules: ['atlas_idds_msg_processor', 'dispatch'],
  async handle(tx, payload, input) {
    if (objectOf(payload).event_type !== undefined) return callback.handle(tx, payload, input);
    const message = readExternalMessage(payload);
    const plugin = 'ignored' in message ? undefined : byProcess[message.process];
    if (plugin) return plugin.handle(tx, payload, input);
    const type = 'ignored' in message ? message.ignored : message.type;
    return { plugin: this.name, outcome: 'ignored', reason: `nobody handles messages of the type ${type}` };
  },
};

export const messagePlugins: readonly MessagePlugin[] = [dispatch, tapeCarousel, processing, hyperparameters, callback];

/** The plug-in of a configured module, `pandajedi.jedimsgprocessor.<module>` or our own name. */
export function pluginOf(module: string): MessagePlugin | undefined {
  const name = module.split('.').at(-1) ?? '';
  return messagePlugins.find((plugin) => plugin.name === name || plugin.modules.includes(name));
}
