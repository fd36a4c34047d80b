import { parseScriptConfig, type ScriptSettings } from '@panda/agents';
import { type ConfigOf, defineKeys, int, str } from '@panda/config';
import { recomputeEveryS } from '@panda/domain';

export const daemonKeys = defineKeys('daemon', {
  scripts: str('PANDA_DAEMON_SCRIPTS', {
    default: '{}',
    doc: 'Periodic scripts to replace or add, as JSON: {name: {enable, period (s), sync, loop, module, arguments}}.',
  }),
  workers: int('PANDA_DAEMON_WORKERS', { default: 4, min: 1, max: 64, doc: 'Periodic scripts that run at once in one process.' }),
  mailRelay: str('PANDA_MAIL_RELAY', {
    default: '',
    doc: 'host[:port] of the SMTP relay next door that takes mail to owners of ended tasks; empty: no mail is sent.',
  }),
  mailFrom: str('PANDA_MAIL_FROM', { default: 'panda@localhost', doc: 'Sender of mail to owners of tasks.' }),
  keepMessagesDays: int('PANDA_KEEP_MESSAGES_DAYS', {
    default: 14,
    min: 14,
    doc: 'Days for which published and handled messages are kept: no broker, dead letter or operator repeats one later.',
  }),
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

/** Periods in seconds. */
const ownSchedule = {
  statistics: { period: 5, sync: true, loop: true },
  typicalInput: { period: 300, sync: true },
  retention: { period: 21_600, sync: true },
  watcher: { period: 300, sync: true },
  mails: { period: 30, sync: true, loop: true },
  fastRebrokerage: { period: 2_400, sync: true },
  priorities: { period: recomputeEveryS, sync: true },
};

/** The daemon's own schedule, entries replaced and added by the operator. Throws ScriptConfigError. */
export function daemonSchedule({ scripts }: Pick<DaemonConfig, 'scripts'>): ScriptSettings[] {
  const given = parseScriptConfig(scripts);
  const own = parseScriptConfig(JSON.stringify(ownSchedule));
  return [...own.filter(({ name }) => !given.some((entry) => entry.name === name)), ...given];
}
