import { type ProcessorConfig, ProcessorConfigError, parseProcessorConfig } from '@panda/bus';
import { type ConfigOf, defineKeys, str } from '@panda/config';
import { pluginOf } from './plugins/index.js';

export const messageProcessorKeys = defineKeys('message-processor', {
  processors: str('PANDA_MSGPROC_CONFIG', {
    default: '{}',
    doc: 'Outside STOMP brokers to listen to, as JSON: {mb_servers, queues, processors}. Messages of the own bus need none.',
  }),
});

export type MessageProcessorConfig = ConfigOf<typeof messageProcessorKeys>;

/** Reads the JSON; every enabled processor must have a plug-in and a queue to read. Throws ProcessorConfigError. */
export function readProcessors({ processors }: Pick<MessageProcessorConfig, 'processors'>): ProcessorConfig['processors'] {
  const enabled = parseProcessorConfig(processors).processors.filter(({ enable }) => enable);
  const problems = enabled.flatMap(({ name, module, inQueue }) => [
    ...(pluginOf(module) ? [] : [`processors.${name}: there is no plug-in for the module ${module}`]),
    ...(inQueue ? [] : [`processors.${name}: in_queue is needed to get messages`]),
  ]);
  if (problems.length > 0) throw new ProcessorConfigError(problems);
  return enabled;
}
