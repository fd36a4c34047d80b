import { jobDispatcherErrorCode, supErrorCode } from '../errors/server-codes.js';
import type { TimedJob } from './timed-job.js';
import { type TimeoutResult, type TimeoutRule, timeoutRules, unclaimedLimit } from './timeout-rules.js';

/** Hours that an operator's row of CONFIG gives, or undefined without one. */
export type ConfiguredHours = (component: string, name: string) => number | undefined;

export interface TimeoutContext {
  /** The database's time. */
  readonly now: Date;
  readonly configured: ConfiguredHours;
  /** Seconds by which our own outages lengthen every heartbeat limit; see `heartbeatExtensionS`. */
  readonly extensionS: number;
}

export interface TimeoutVerdict {
  readonly rule: string;
  readonly result: TimeoutResult;
  readonly limitS: number;
  readonly waitedS: number;
  /** For the job's error text. */
  readonly diag: string;
  /** supErrorCode to store, if any. */
  readonly supplementalCode?: number;
}

/** The limit of a rule for a job in seconds, or undefined when the rule is off. */
export function limitOf(rule: TimeoutRule, job: TimedJob, context: TimeoutContext): number | undefined {
  const key = rule.key && {
    component: rule.key.component,
    name: typeof rule.key.name === 'string' ? rule.key.name : rule.key.name(job),
  };
  const configured = key && context.configured(key.component, key.name);
  if (configured === undefined && rule.offByDefault === true) return undefined;
  const hours = configured ?? (typeof rule.limitH === 'number' ? rule.limitH : rule.limitH(job));
  return hours * 3_600 + (rule.kind === 'heartbeat' ? context.extensionS : 0);
}

/** Seconds after which a job that nobody took expires, whatever its state. */
export function waitingLimitS(configured: ConfiguredHours): number {
  const { key, limitH } = unclaimedLimit;
  return (configured(key.component, key.name) ?? limitH) * 3_600;
}

/**
 * Nothing times out at a paused queue: its operators look after it. Where reassignment is switched off, jobs stay in the queue for as
 * long as it takes; pilots must report all the same. Spec: Brokerage › Timeout Rules.
 */
function isExempt(rule: TimeoutRule, job: TimedJob): boolean {
  return job.queue.isPaused || (rule.kind === 'queued' && job.queue.disablesReassign);
}

/** The first rule whose limit has passed, or undefined while the job may go on waiting. */
export function judgeTimeout(job: TimedJob, context: TimeoutContext): TimeoutVerdict | undefined {
  for (const rule of timeoutRules) {
    if (!rule.statuses.includes(job.status) || isExempt(rule, job) || rule.when?.(job, context.now) === false) continue;
    const since = rule.since(job);
    const limitS = limitOf(rule, job, context);
    if (since === null || limitS === undefined) continue;
    const waitedS = Math.floor((context.now.getTime() - since.getTime()) / 1_000);
    if (waitedS > limitS) return verdictOf(rule, job, limitS, waitedS);
  }
  return undefined;
}

function verdictOf(rule: TimeoutRule, job: TimedJob, limitS: number, waitedS: number): TimeoutVerdict {
  const plain = typeof rule.result === 'function' ? rule.result(job) : rule.result;
  const watched = rule.kind === 'heartbeat' || rule.kind === 'output';
  const result = 'fail' in plain && watched && job.hasErrorText ? { fail: jobDispatcherErrorCode.recovery } : plain;
  const lost = 'fail' in plain && plain.fail === jobDispatcherErrorCode.lostHeartbeat;
  return {
    rule: rule.name,
    result,
    limitS,
    waitedS,
    diag: `${rule.name}: ${job.status} for ${printHours(waitedS)} h, the limit is ${printHours(limitS)} h`,
    ...(lost && job.workerEnded ? { supplementalCode: supErrorCode.workerEnded } : {}),
  };
}

function printHours(seconds: number): string {
  return String(Math.round(seconds / 36) / 100);
}
