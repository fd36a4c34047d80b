import { agentKeys } from '@panda/agents';
import { type ConfigOf, defineKeys } from '@panda/config';

export const watchdogKeys = defineKeys('jedi-watchdog', {
  ...agentKeys('PANDA_WATCHDOG', { sweepMs: 10_000, batch: 100, concurrency: 2 }),
});

export type WatchdogConfig = ConfigOf<typeof watchdogKeys>;
