import { type JobStatus, jobMachine } from '../job/job.machine.js';
import { dispatchedJobStatuses, finalJobStatuses } from '../job/job-statuses.js';
import type { EventsOf } from '../machine/machine.js';
import { taskBufferErrorCode as because, type TaskBufferErrorCode } from './server-codes.js';

type JobEvent = EventsOf<typeof jobMachine>;

export interface KillRow {
  /** Short name in logs. */
  readonly name: string;
  readonly event: Extract<JobEvent, 'closed' | 'cancelled'>;
  readonly errorCode: TaskBufferErrorCode;
  /** Ends jobs that a pilot holds without asking the pilot first. */
  readonly atOnce: boolean;
  /** The production role may use it on jobs of users. */
  readonly byProduction: boolean;
}

function row(name: string, event: KillRow['event'], errorCode: TaskBufferErrorCode, more: Partial<KillRow> = {}): KillRow {
  return { name, event, errorCode, atOnce: false, byProduction: false, ...more };
}

const atOnce = { atOnce: true, byProduction: true };
const byProduction = { byProduction: true };

/** `code` of killJobs. panda-server:pandaserver/taskbuffer/OraDBProxy.py `killJob`@34d4b8f3. */
export const killCodes = {
  2: row('expire', 'closed', because.expire, atOnce),
  3: row('aborted', 'cancelled', because.aborted),
  4: row('expire in waiting', 'closed', because.expire, byProduction),
  7: row('retry by server', 'cancelled', because.retried, byProduction),
  8: row('rebrokerage', 'cancelled', because.reassigned, byProduction),
  9: row('force kill', 'cancelled', because.kill, atOnce),
  10: row('fast rebrokerage', 'closed', because.fastRebrokerage, atOnce),
  50: row('kill by JEDI', 'cancelled', because.kill, byProduction),
  51: row('reassigned by JEDI', 'closed', because.kill, atOnce),
  52: row('force kill by JEDI', 'cancelled', because.kill, atOnce),
  55: row('killed within JEDI limits', 'closed', because.kill),
  60: row('closed by the pilot', 'closed', because.kill, { atOnce: true }),
  91: row('force kill of user jobs by production', 'cancelled', because.kill, { atOnce: true, byProduction: true }),
} as const satisfies Record<number, KillRow>;
export type KillCode = keyof typeof killCodes;

/** A kill without a code, or with one nobody knows: a person wants the job to end. */
export const killByUser: KillRow = row('kill by user', 'cancelled', because.kill);

export function isKillCode(code: number): code is KillCode {
  return Object.hasOwn(killCodes, code);
}

export type KillVerdict =
  /** The job is final: nothing to do. */
  | { readonly effect: 'none' }
  /** A pilot holds it: `commandToPilot` is set and the pilot ends it. */
  | { readonly effect: 'askPilot'; readonly errorCode: TaskBufferErrorCode }
  | { readonly effect: 'end'; readonly event: KillRow['event']; readonly errorCode: TaskBufferErrorCode };

/** A pilot can still be asked, or its final report is about to be settled by the adder, which honours the mark. */
const asksPilot: readonly JobStatus[] = [...dispatchedJobStatuses, 'holding'];

/** What killing does to a job in `status`. */
export function judgeKill(status: JobStatus, code: number | null): KillVerdict {
  if (finalJobStatuses.includes(status)) return { effect: 'none' };
  const kill: KillRow = code !== null && isKillCode(code) ? killCodes[code] : killByUser;
  if (!kill.atOnce && asksPilot.includes(status)) return { effect: 'askPilot', errorCode: kill.errorCode };
  return { effect: 'end', event: kill.event, errorCode: kill.errorCode };
}
