import { agentKeys } from '@panda/agents';
import { type ConfigOf, defineKeys, int, ms } from '@panda/config';

/** Defaults of the limits: panda-jedi:templates/panda_jedi.cfg.rpmnew.template@42f4bb41 ([watchdog]). */
export const watchdogKeys = defineKeys('jedi-watchdog', {
  ...agentKeys('PANDA_WATCHDOG', { sweepMs: 10_000, batch: 100, concurrency: 2 }),
  workers: int('PANDA_WATCHDOG_WORKERS', { default: 4, min: 1, max: 32, doc: 'Named watchdogs that run at once.' }),
  actionPeriodMs: ms('PANDA_WATCHDOG_PERIOD', { default: '1m', min: 1_000, doc: 'Period of the named watchdogs.' }),
  duePeriodMs: ms('PANDA_WATCHDOG_DUE_PERIOD', {
    default: '5s',
    min: 500,
    doc: 'Period of the watchdogs for tasks whose next step is due.',
  }),
  repairPeriodMs: ms('PANDA_WATCHDOG_REPAIR_PERIOD', {
    default: '10m',
    min: 1_000,
    doc: 'Period of the comparison of counters with files.',
  }),
  pickedAfterMs: ms('PANDA_WATCHDOG_PICKED_AFTER', {
    default: '30m',
    min: 1_000,
    doc: 'Picked files of a task nobody has worked on for so long are given back.',
  }),
  lockedAfterMs: ms('PANDA_WATCHDOG_LOCKED_AFTER', {
    default: '15s',
    min: 10_000,
    doc: 'A claim that was not renewed for so long belongs to an agent that died: living ones renew theirs every 5 s.',
  }),
  pendingRetryMs: ms('PANDA_WATCHDOG_PENDING_RETRY', {
    default: '1h',
    min: 60_000,
    doc: 'Pending tasks try again after this; those of priority 900 after 30 minutes, of 950 after 10.',
  }),
  pendingTimeoutMs: ms('PANDA_WATCHDOG_PENDING_TIMEOUT', {
    default: '7d',
    min: 60_000,
    doc: 'A task that was pending for so long without a break is exhausted.',
  }),
  exhaustedAfterMs: ms('PANDA_WATCHDOG_EXHAUSTED_AFTER', {
    default: '48h',
    min: 60_000,
    doc: 'An exhausted task about which nobody decides for so long is finished.',
  }),
});

export type WatchdogConfig = ConfigOf<typeof watchdogKeys>;
