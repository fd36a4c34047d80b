import type { ErrorSource } from '../errors/server-codes.js';
import { type CpuTimeFacts, judgeCpuTime } from './cpu-time.js';
import { judgeMemory, type MemoryFacts, type MemoryVerdict } from './memory.js';
import { type RetryAction, type RetryRule, retryActions } from './retry-rule.js';

export interface JobError {
  readonly source: ErrorSource;
  readonly code: number;
  readonly diag: string | null;
}

export interface FailedJob {
  /** In the order in which rules look at them: errorSources. Codes of 0 are left out. */
  readonly errors: readonly JobError[];
  readonly attemptNr: number;
  /** Of its input files; null when there is no limit. */
  readonly maxAttempt: number | null;
  /** cmtConfig. */
  readonly architecture: string | null;
  /** AtlasRelease. */
  readonly release: string | null;
  readonly workQueueId: number | null;
  readonly memory: MemoryFacts;
  /** Null when the job did not run. */
  readonly cpuTime: CpuTimeFacts | null;
  /** The task's attributes were changed, by hand or measurement, at this time. */
  readonly taskModified: Date;
  /** JEDI_TASKS.walltimeUnit is null already: a measurement is asked for. */
  readonly measurementAsked: boolean;
}

export type RetryEffect =
  /** No usable input file of the job gets more attempts than this. */
  | { readonly kind: 'limitAttempts'; readonly maxAttempt: number }
  | Exclude<MemoryVerdict, { readonly kind: 'none' }>
  /** HS06 seconds per event of the task. */
  | { readonly kind: 'raiseCpuTime'; readonly cpuTime: number }
  /** Walltime and CPU time of the task are measured again with the jobs that ended. */
  | { readonly kind: 'remeasure' }
  | { readonly kind: 'none'; readonly reason: string };

export interface RetryDecision {
  readonly ruleId: number;
  readonly action: RetryAction;
  readonly source: ErrorSource;
  readonly code: number;
  /** A passive rule is only reported. Spec: Job Retry Module › Rules, active. */
  readonly active: boolean;
  readonly effect: RetryEffect;
  readonly explanation: string;
}

/** A measurement asked for again so soon would see the same jobs. */
const remeasureAfterMs = 30 * 60_000;

/** Number of scope columns a rule fills: the more, the more specific. */
function specificity(rule: RetryRule): number {
  return [rule.architecture, rule.release, rule.workQueueId, rule.diag].filter((scope) => scope !== null).length;
}

function applies(rule: RetryRule, error: JobError, job: FailedJob, now: Date): boolean {
  return (
    rule.source === error.source &&
    rule.code === error.code &&
    (rule.expires === null || rule.expires > now) &&
    (rule.architecture === null || rule.architecture === job.architecture) &&
    (rule.release === null || rule.release === job.release) &&
    (rule.workQueueId === null || rule.workQueueId === job.workQueueId) &&
    (rule.diag === null || rule.diag.matches(error.diag ?? ''))
  );
}

/** Of several rules with one action, the most specific decides, among equals the strictest limit, then the oldest rule. */
function strongest(rules: readonly RetryRule[]): RetryRule | undefined {
  return rules.toSorted((a, b) => specificity(b) - specificity(a) || (a.maxAttempt ?? 0) - (b.maxAttempt ?? 0) || a.id - b.id)[0];
}

/**
 * What the retry rules do about a failed job. Its errors are asked in order; the first one for which an active rule does something
 * ends the search. Per error and action one rule decides. panda-server:pandaserver/taskbuffer/retryModule.py@34d4b8f3; there the
 * most specific limit was sought by comparing dictionaries, here by the number of scope columns.
 */
export function judgeRetry(rules: readonly RetryRule[], job: FailedJob, now: Date): RetryDecision[] {
  const decisions: RetryDecision[] = [];
  for (const error of job.errors) {
    const matching = rules.filter((rule) => applies(rule, error, job, now));
    const here = retryActions.flatMap((action) => decide(strongestOf(matching, action), job, now));
    decisions.push(...here);
    if (here.some((d) => d.active && d.effect.kind !== 'none')) break;
  }
  return decisions;
}

/** A passive rule never hides an active one: both are reported. */
function strongestOf(matching: readonly RetryRule[], action: RetryAction): RetryRule[] {
  const mine = matching.filter((rule) => rule.action === action);
  return [strongest(mine.filter((r) => r.active)), strongest(mine.filter((r) => !r.active))].filter((r) => r !== undefined);
}

function decide(rules: readonly RetryRule[], job: FailedJob, now: Date): RetryDecision[] {
  return rules.map((rule) => {
    const effect = effectOf(rule, job, now);
    const { id: ruleId, action, source, code, active } = rule;
    return { ruleId, action, source, code, active, effect, explanation: explain(rule, effect) };
  });
}

function effectOf(rule: RetryRule, job: FailedJob, now: Date): RetryEffect {
  switch (rule.action) {
    case 'no_retry':
      return limitTo(job.attemptNr, job);
    case 'limit_retry':
      return limitTo(rule.maxAttempt ?? job.attemptNr, job);
    case 'increase_memory':
      return judgeMemory(job.memory);
    case 'increase_cputime':
      return raisedCpuTime(job) ?? judgeMeasurement(job, now);
  }
}

/** Limits only ever fall. */
function limitTo(maxAttempt: number, job: FailedJob): RetryEffect {
  if (job.maxAttempt !== null && job.maxAttempt <= maxAttempt) {
    return { kind: 'none', reason: `there are only ${job.maxAttempt} attempts anyway` };
  }
  return { kind: 'limitAttempts', maxAttempt };
}

function raisedCpuTime(job: FailedJob): RetryEffect | undefined {
  const cpuTime = job.cpuTime === null ? undefined : judgeCpuTime(job.cpuTime);
  return cpuTime === undefined ? undefined : { kind: 'raiseCpuTime', cpuTime };
}

function judgeMeasurement(job: FailedJob, now: Date): RetryEffect {
  if (job.measurementAsked) return { kind: 'none', reason: 'a measurement is asked for already' };
  if (now.getTime() - job.taskModified.getTime() < remeasureAfterMs) {
    return { kind: 'none', reason: 'the task was changed less than 30 minutes ago' };
  }
  return { kind: 'remeasure' };
}

function explain(rule: RetryRule, effect: RetryEffect): string {
  const cause = `rule ${rule.id} (${rule.source}=${rule.code})${rule.active ? '' : ', passive'}`;
  switch (effect.kind) {
    case 'limitAttempts':
      return `${cause}: at most ${effect.maxAttempt} attempts`;
    case 'raiseTask':
      return `${cause}: memory of the task raised to ${effect.ramCount} MB per core`;
    case 'raiseFiles':
      return `${cause}: memory for the job's files raised to ${effect.ramCount} MB per core`;
    case 'raiseCpuTime':
      return `${cause}: CPU time of the task raised to ${effect.cpuTime} HS06 s per event`;
    case 'remeasure':
      return `${cause}: CPU time and walltime will be measured again`;
    case 'none':
      return `${cause}: nothing, ${effect.reason}`;
  }
}
