import { formatDuration, int, ms } from '@panda/config';
import { runtimeKeys } from '@panda/runtime';
import type { AgentSettings } from './agent.js';

interface AgentDefaults {
  readonly sweepMs?: number;
  readonly concurrency?: number;
  readonly batch?: number;
}

/**
 * The keys every agent has, under its own prefix: `defineKeys('jedi-task-refiner', { ...agentKeys('PANDA_TASKREFINER'), … })`.
 */
export function agentKeys(prefix: string, defaults: AgentDefaults = {}) {
  return {
    sweepMs: ms(`${prefix}_SWEEP`, {
      default: formatDuration(defaults.sweepMs ?? 60_000),
      min: 100,
      doc: 'Period of the sweep that finds work no message announced.',
    }),
    concurrency: int(`${prefix}_CONCURRENCY`, {
      default: defaults.concurrency ?? 1,
      min: 1,
      max: 64,
      doc: 'Cycles of this agent that run at once in one process.',
    }),
    batch: int(`${prefix}_BATCH`, { default: defaults.batch ?? 100, min: 1, max: 5_000, doc: 'Rows taken by one cycle.' }),
  };
}

/** The settings of an agent out of its own keys and those of the process. */
export function agentSettings(values: Omit<AgentSettings, 'drainMs'>): AgentSettings {
  const { sweepMs, concurrency, batch } = values;
  return { sweepMs, concurrency, batch, drainMs: runtimeKeys.read().drainLimit };
}
