import type { KillCode } from '../errors/kill-codes.js';
import { type JobDispatcherErrorCode, jobDispatcherErrorCode } from '../errors/server-codes.js';
import { type JobStatus, jobStatus } from '../job/job.machine.js';
import { heartbeatJobStatuses } from '../job/job-statuses.js';
import { heartbeatWorkflow, isUrgentJob, isUserJob, type TimedJob } from './timed-job.js';

export type TimeoutResult = { readonly fail: JobDispatcherErrorCode } | { readonly kill: KillCode };

export interface TimeoutRule {
  readonly name: string;
  readonly statuses: readonly JobStatus[];
  /** Beside the status; absent = every job in it. */
  readonly when?: (job: TimedJob, now: Date) => boolean;
  /** Waiting is counted from here; null = the rule does not apply. */
  readonly since: (job: TimedJob) => Date | null;
  /** Hours. */
  readonly limitH: number | ((job: TimedJob) => number);
  /** Row of CONFIG that replaces the limit, in hours: `pandaserver.<component>.<name>`. Absent: the limit comes with the queue. */
  readonly key?: {
    readonly component: 'watcher' | 'job_timeout' | 'rebroker';
    readonly name: string | ((job: TimedJob) => string);
  };
  /** Without a configured limit the rule is off. */
  readonly offByDefault?: boolean;
  readonly result: TimeoutResult | ((job: TimedJob) => TimeoutResult);
  /** `heartbeat`: the pilot's silence counts, so the limit grows by our own outages. `queued`: the job could run elsewhere. */
  readonly kind: 'heartbeat' | 'queued' | 'output' | 'long';
}

const minutes = 1 / 60;
const days = 24;

const modified = (job: TimedJob) => job.modificationTime;
const created = (job: TimedJob) => job.creationTime;
const inState = (job: TimedJob) => job.stateChangeTime ?? job.modificationTime;
const ended = (job: TimedJob) => job.endTime ?? job.modificationTime;
const jobTimeout = (name: string) => ({ component: 'job_timeout', name }) as const;
/** When a job that nobody took expires, counted from its creation. */
export const unclaimedLimit = { key: jobTimeout('TIMEOUT_unclaimed'), limitH: 7 * days } as const;
const heartbeatKey = { component: 'watcher', name: (job: TimedJob) => `HEARTBEAT_TIMEOUT_${heartbeatWorkflow(job)}` } as const;
/** JEDI makes a new job elsewhere; a job from outside just ends. */
const elsewhere = (job: TimedJob): TimeoutResult => ({ kill: job.isJedi ? 51 : 2 });

/** A queue where nothing has started for this long does not serve urgent jobs. */
const inactiveAfterH = 2;

function isQueueInactive(job: TimedJob, now: Date): boolean {
  const { lastStart } = job.queue;
  return lastStart === null || now.getTime() - lastStart.getTime() > inactiveAfterH * 3_600_000;
}

const holdingUrgently = (job: TimedJob) => isUserJob(job) || job.prodSourceLabel === 'ddm' || isUrgentJob(job);

const heartbeatRules: readonly TimeoutRule[] = [
  {
    name: 'sentWithoutReply',
    kind: 'heartbeat',
    statuses: [jobStatus.sent],
    since: modified,
    limitH: 30 * minutes,
    key: jobTimeout('TIMEOUT_sent'),
    result: { fail: jobDispatcherErrorCode.sentWithoutReply },
  },
  {
    name: 'lostHeartbeat',
    kind: 'heartbeat',
    statuses: heartbeatJobStatuses,
    since: modified,
    limitH: 2,
    key: heartbeatKey,
    result: { fail: jobDispatcherErrorCode.lostHeartbeat },
  },
  {
    name: 'transferringWithoutHeartbeat',
    kind: 'heartbeat',
    statuses: [jobStatus.transferring],
    when: (job) => isUserJob(job) || job.jobSubStatus !== null,
    since: modified,
    limitH: 2,
    key: heartbeatKey,
    result: { fail: jobDispatcherErrorCode.transferring },
  },
];

const outputRules: readonly TimeoutRule[] = [
  {
    name: 'holdingUrgent',
    kind: 'output',
    statuses: [jobStatus.holding],
    when: (job) => holdingUrgently(job) && !job.hasOutputReport,
    since: ended,
    limitH: 3,
    key: jobTimeout('TIMEOUT_holding_urgent'),
    result: { fail: jobDispatcherErrorCode.holding },
  },
  {
    name: 'holding',
    kind: 'output',
    statuses: [jobStatus.holding],
    when: (job) => !job.hasOutputReport,
    since: ended,
    limitH: 48,
    key: jobTimeout('TIMEOUT_holding'),
    result: { fail: jobDispatcherErrorCode.holding },
  },
  {
    name: 'transferring',
    kind: 'output',
    statuses: [jobStatus.transferring],
    when: (job) => !isUserJob(job),
    since: ended,
    limitH: (job) => Math.max(1, isUrgentJob(job) ? (job.queue.transTimeHiDays ?? 1) : (job.queue.transTimeLoDays ?? 2)) * days,
    result: { fail: jobDispatcherErrorCode.transferring },
  },
  {
    name: 'preMergeGone',
    kind: 'output',
    statuses: [jobStatus.defined, jobStatus.assigned, jobStatus.activated, jobStatus.throttled],
    when: (job) => job.preMergeGone,
    since: modified,
    limitH: 30 * minutes,
    key: jobTimeout('TIMEOUT_pmerge'),
    result: { kill: 2 },
  },
];

const longRules: readonly TimeoutRule[] = [
  {
    name: 'running',
    kind: 'long',
    statuses: heartbeatJobStatuses,
    since: (job) => job.startTime,
    limitH: 21 * days,
    key: jobTimeout('TIMEOUT_running'),
    result: { fail: jobDispatcherErrorCode.timeOut },
  },
  {
    name: 'eventServiceTooLong',
    kind: 'long',
    statuses: [jobStatus.running, jobStatus.starting],
    when: (job) => job.eventService === 'merge' || (job.eventService === 'consumer' && job.currentPriority >= 900),
    since: (job) => job.startTime ?? job.modificationTime,
    limitH: 24,
    key: jobTimeout('TIMEOUT_es'),
    result: { kill: 2 },
  },
  {
    name: 'dataManagementTooLong',
    kind: 'long',
    statuses: [jobStatus.activated, jobStatus.sent, jobStatus.starting, jobStatus.running],
    when: (job) => job.prodSourceLabel === 'ddm',
    since: created,
    limitH: 5 * days,
    key: jobTimeout('TIMEOUT_ddm'),
    result: { kill: 2 },
  },
];

const queuedRules: readonly TimeoutRule[] = [
  queued('pending', [jobStatus.pending], 1, modified, { kill: 4 }),
  { ...queued('waiting', [jobStatus.waiting], 1, modified, { kill: 4 }), when: (job) => !job.isCoJumbo },
  queued('defined', [jobStatus.defined], 4, modified, elsewhere),
  queued('assigned', [jobStatus.assigned], 12, modified, elsewhere),
  {
    ...queued('activatedUrgent', [jobStatus.activated, jobStatus.starting], 4, inState, elsewhere),
    when: (job, now) => isUrgentJob(job) && isQueueInactive(job, now),
  },
  {
    ...queued('analysisQueued', [jobStatus.defined, jobStatus.assigned, jobStatus.activated], 0, created, { kill: 51 }),
    key: { component: 'rebroker', name: 'ANALY_TIMEOUT' },
    offByDefault: true,
    when: (job, now) => isUserJob(job) && isAccountIdle(job, now),
  },
  {
    ...queued('activated', [jobStatus.activated, jobStatus.starting], 2 * days, inState, elsewhere),
    when: (job) => !isUserJob(job),
  },
  queued('throttled', [jobStatus.throttled], 7 * days, modified, { kill: 2 }),
  queued(
    'unclaimed',
    [jobStatus.waiting, jobStatus.defined, jobStatus.assigned, jobStatus.activated],
    unclaimedLimit.limitH,
    created,
    { kill: 2 },
  ),
];

/** Analysis jobs are moved only when nothing of their owner happened for this long. */
const accountIdleH = 3;

function isAccountIdle(job: TimedJob, now: Date): boolean {
  return job.accountActiveAt === null || now.getTime() - job.accountActiveAt.getTime() > accountIdleH * 3_600_000;
}

function queued(
  name: string,
  statuses: readonly JobStatus[],
  limitH: number,
  since: TimeoutRule['since'],
  result: TimeoutRule['result'],
): TimeoutRule {
  return { name, kind: 'queued', statuses, since, limitH, key: jobTimeout(`TIMEOUT_${name}`), result };
}

/**
 * Rules in the order in which they are asked; the first whose limit has passed decides. Spec: Brokerage › Timeout Rules;
 * panda-server:pandaserver/daemons/scripts/copyArchive.py and pandaserver/jobdispatcher/Watcher.py@34d4b8f3.
 */
export const timeoutRules: readonly TimeoutRule[] = [...heartbeatRules, ...outputRules, ...longRules, ...queuedRules];
