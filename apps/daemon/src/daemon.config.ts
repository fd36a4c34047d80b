import { readSchedule, type Schedule } from '@panda/agents';
import { type ConfigOf, defineKeys, int, str } from '@panda/config';

export const daemonKeys = defineKeys('daemon', {
  scripts: str('PANDA_DAEMON_SCRIPTS', {
    default: '{}',
    doc: 'Changes to the schedule of the periodic scripts, as JSON: {name: {enable, period (s), sync, loop, module, arguments}}.',
  }),
  workers: int('PANDA_DAEMON_WORKERS', { default: 4, min: 1, max: 64, doc: 'Periodic scripts that run at once in one process.' }),
  keepHandoutsDays: int('PANDA_KEEP_HANDOUTS_DAYS', { default: 30, min: 8, doc: 'Days for which hand-outs of jobs are kept.' }),
  keepWorkersDays: int('PANDA_KEEP_WORKERS_DAYS', {
    default: 90,
    min: 1,
    doc: 'Days for which workers are kept after their last report.',
  }),
  keepAuditDays: int('PANDA_KEEP_AUDIT_DAYS', { default: 730, min: 30, doc: 'Days for which the audit trail is kept.' }),
  keepRegisterDays: int('PANDA_KEEP_REGISTER_DAYS', {
    default: 3_650,
    min: 180,
    doc: 'Days for which it is remembered which job registered an output; afterwards its name can be registered again.',
  }),
});

export type DaemonConfig = ConfigOf<typeof daemonKeys>;

/** Periods in seconds. Time-outs every 5 minutes: a limit of hours needs no more. */
export const ownSchedule = {
  statistics: { period: 5, sync: true, loop: true },
  typicalInput: { period: 300, sync: true },
  retention: { period: 21_600, sync: true },
} as const satisfies Schedule;

export const daemonSchedule = (config: Pick<DaemonConfig, 'scripts'>) =>
  readSchedule(config.scripts, ownSchedule, Object.keys(ownSchedule));
