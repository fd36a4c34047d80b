import type { QueueConfig } from '../queue/queue-config.js';
import { QueueConfigError } from '../queue/queue-config.js';
import type { BatchContext, BatchSystem, Monitor, Submitter, Sweeper } from './batch-system.js';
import { localProcess } from './local-process/local-process.js';

/** Every batch system this harvester can use. */
export const batchSystems: readonly BatchSystem[] = [localProcess];

export interface QueuePlugins {
  readonly submitter: Submitter;
  readonly monitor: Monitor;
  readonly sweeper: Sweeper;
}

/** The plug-ins a queue names. Throws {@link QueueConfigError} for a name that nobody answers to. */
export function pluginsOf(queue: QueueConfig, context: Omit<BatchContext, 'options'>): QueuePlugins {
  const find = (role: 'submitter' | 'monitor' | 'sweeper'): BatchSystem => {
    const { name } = queue[role];
    const found = batchSystems.find((system) => system[`${role}Names`].includes(name));
    if (found !== undefined) return found;
    const known = batchSystems.flatMap((system) => system[`${role}Names`]).join(', ');
    throw new QueueConfigError(`${queue.name}.${role} ${name} is unknown; known: ${known}`);
  };
  const withOptions = (role: 'submitter' | 'monitor' | 'sweeper') => ({ ...context, options: queue[role].options });
  return {
    submitter: find('submitter').submitter(withOptions('submitter')),
    monitor: find('monitor').monitor(withOptions('monitor')),
    sweeper: find('sweeper').sweeper(withOptions('sweeper')),
  };
}
