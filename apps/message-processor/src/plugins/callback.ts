import { malformed, objectOf } from '../external-message.js';
import type { MessagePlugin } from './plugin.js';

const COMPLETE = 'datasetlock_ok';
/** Dispatch datasets, which carry input to a queue. */
const DISPATCH = /_dis\d+$/;

/** Events of Rucio: a dataset has arrived where it was sent. Jobs that wait for their dispatch dataset can start. */
export const callback: MessagePlugin = {
  name: 'callback',
  modules: ['panda_callback_msg_processor'],
  async handle(tx, payload, input) {
    const event = objectOf(payload);
    if (event.event_type !== COMPLETE) {
      return { plugin: this.name, outcome: 'ignored', reason: `the event ${String(event.event_type)} is not known` };
    }
    const { scope, name } = objectOf(event.payload);
    if (typeof name !== 'string' || name === '') throw malformed(`${COMPLETE} names no dataset`);
    if (!DISPATCH.test(name)) return { plugin: this.name, outcome: 'ignored', reason: `nobody waits for the dataset ${name}` };
    const changed = await input.dispatchArrived(tx, { scope: typeof scope === 'string' ? scope : null, name });
    return { plugin: this.name, outcome: 'done', changed };
  },
};
