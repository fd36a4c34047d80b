import type { KillCode } from '../errors/kill-codes.js';

/**
 * What stands in the comment of a command. Words of the original and of our gateway mean the same.
 * Source: panda-jedi:pandajedi/jediorder/TaskCommando.py@42f4bb41; panda-server:pandaserver/taskbuffer/OraDBProxy.py
 * `sendCommandTaskPanda`@34d4b8f3.
 */

/** Soft: no new jobs, what runs may end. Hard: everything ends now. Spec: Task Commando › finish. */
export function isSoftFinish(comment: string | null): boolean {
  return (comment ?? '').startsWith(softFinish);
}

export const softFinish = 'soft finish';

export interface RetryOptions {
  /** Tasks that work on the output are retried too. */
  readonly children: boolean;
  /** Input that waits to be staged is used as it is. */
  readonly unstaged: boolean;
  /** Event service: events done so far are thrown away. */
  readonly discardsEvents: boolean;
}

export function retryOptions(comment: string | null): RetryOptions {
  const text = comment ?? '';
  return {
    children: !/\bsole\b|\bno child retry\b/.test(text),
    unstaged: /\bstaged\b|\bdisable staging\b/.test(text),
    discardsEvents: /\bdiscard\b/.test(text),
  };
}

export type ReassignTarget = 'cloud' | 'site' | 'nucleus';

export interface ReassignOptions {
  /** What the task is bound to from now on; absent: only its jobs are given up. An empty name leaves the choice to brokerage. */
  readonly to?: { readonly target: ReassignTarget; readonly name: string };
  /** The task goes on where it was: no data moves. */
  readonly keepsState: boolean;
  /** Jobs that end: all, those no pilot holds, or none. */
  readonly ends: 'all' | 'queued' | 'none';
}

export function reassignOptions(comment: string | null): ReassignOptions {
  const text = comment ?? '';
  const [target, name = '', flag] = text.split(':');
  const ends = text.includes('nokill reassign') ? 'none' : text.includes('soft reassign') ? 'queued' : 'all';
  if (target !== 'cloud' && target !== 'site' && target !== 'nucleus') return { keepsState: true, ends };
  return { to: { target, name: name.trim() }, keepsState: flag?.trim() === 'y', ends };
}

/** Kill codes of the commands. */
export const commandKillCodes = { kill: 50, reassign: 51, finish: 52 } as const satisfies Record<string, KillCode>;

/** A task is not retried more often. */
export const taskAttemptsMax = 1_000;
/** Attempts that input gets which had used its own up. */
export const retryAttempts = 5;
