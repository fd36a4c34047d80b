import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { killCodes } from '../errors/kill-codes.js';
import { jobMachine } from '../job/job.machine.js';
import { finalJobStatuses } from '../job/job-statuses.js';
import { sourcesOf } from '../machine/machine.js';
import { judgeFastRebrokerage, type QueuedShare } from './fast-rebrokerage.js';
import { judgeTimeout, type TimeoutContext } from './judge-timeout.js';
import { heartbeatExtensionS, sweepBudget } from './outage.js';
import type { TimedJob, TimedQueue } from './timed-job.js';
import { timeoutRules } from './timeout-rules.js';

const now = new Date('2026-11-22T12:00:00Z');
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000);

function aQueue(more: Partial<TimedQueue> = {}): TimedQueue {
  return {
    name: 'CERN',
    isPaused: false,
    disablesReassign: false,
    workflow: null,
    lastStart: ago(0.1),
    transTimeHiDays: null,
    transTimeLoDays: null,
    ...more,
  };
}

/** A production job that has been in its state, untouched, for so many hours. */
function aJob(status: TimedJob['status'], hours: number, more: Partial<TimedJob> = {}): TimedJob {
  return {
    status,
    prodSourceLabel: 'managed',
    processingType: 'simul',
    currentPriority: 500,
    jobSubStatus: null,
    isJedi: true,
    eventService: null,
    isCoJumbo: false,
    creationTime: ago(hours),
    modificationTime: ago(hours),
    stateChangeTime: ago(hours),
    startTime: ago(hours),
    endTime: ago(hours),
    hasErrorText: false,
    hasOutputReport: false,
    workerEnded: false,
    preMergeGone: false,
    accountActiveAt: null,
    queue: aQueue(),
    ...more,
  };
}

function context(rows: Record<string, number> = {}, extensionS = 0): TimeoutContext {
  return { now, extensionS, configured: (component, name) => rows[`${component}.${name}`] };
}

/** Checks that nothing happens just before the limit, and the result just after it. */
function expectLimit(
  hours: number,
  job: (hours: number) => TimedJob,
  rule: string,
  result: object,
  rows: Record<string, number> = {},
): void {
  expect(judgeTimeout(job(hours - 0.001), context(rows))?.rule).not.toBe(rule);
  expect(judgeTimeout(job(hours + 0.001), context(rows))).toMatchObject({ rule, result });
}

describe('time-outs of jobs', () => {
  it('TIMEOUTS-01 pending for 1 hour', () => {
    expectLimit(1, (h) => aJob('pending', h), 'pending', { kill: 4 });
  });

  it('TIMEOUTS-02 defined for 4 hours', () => {
    expectLimit(4, (h) => aJob('defined', h), 'defined', { kill: 51 });
    expectLimit(4, (h) => aJob('defined', h, { isJedi: false }), 'defined', { kill: 2 });
  });

  it('TIMEOUTS-03 assigned for 12 hours', () => {
    expectLimit(12, (h) => aJob('assigned', h), 'assigned', { kill: 51 });
  });

  it('TIMEOUTS-04 throttled for 7 days', () => {
    expectLimit(7 * 24, (h) => aJob('throttled', h), 'throttled', { kill: 2 });
  });

  it('TIMEOUTS-05 activated or starting for 2 days', () => {
    expectLimit(48, (h) => aJob('activated', h), 'activated', { kill: 51 });
    expectLimit(48, (h) => aJob('starting', h, { modificationTime: ago(0) }), 'activated', { kill: 51 });
  });

  it('TIMEOUTS-06 urgent, activated or starting for 4 hours at a queue that starts nothing', () => {
    const idle = { currentPriority: 800, modificationTime: ago(0), queue: aQueue({ lastStart: ago(2.1) }) };
    expectLimit(4, (h) => aJob('activated', h, idle), 'activatedUrgent', { kill: 51 });
    expectLimit(4, (h) => aJob('starting', h, idle), 'activatedUrgent', { kill: 51 });
    expect(judgeTimeout(aJob('activated', 5, { ...idle, queue: aQueue({ lastStart: ago(1.9) }) }), context())).toBeUndefined();
    expect(judgeTimeout(aJob('activated', 5, { ...idle, currentPriority: 799 }), context())).toBeUndefined();
    expect(judgeTimeout(aJob('activated', 5, { ...idle, queue: aQueue({ lastStart: null }) }), context())?.rule).toBe(
      'activatedUrgent',
    );
  });

  it('TIMEOUTS-07 sent for 30 minutes', () => {
    expectLimit(0.5, (h) => aJob('sent', h), 'sentWithoutReply', { fail: 102 });
  });

  it('TIMEOUTS-08 running for 21 days, however lively', () => {
    expectLimit(21 * 24, (h) => aJob('running', h, { modificationTime: ago(0) }), 'running', { fail: 105 });
  });

  it.each(['running', 'starting', 'stagein', 'stageout'] as const)(
    'TIMEOUTS-09 %s without a heartbeat for 2 hours, or for the workflow’s limit',
    (status) => {
      expectLimit(2, (h) => aJob(status, h), 'lostHeartbeat', { fail: 100 });
      expectLimit(2, (h) => aJob(status, h, { prodSourceLabel: 'user' }), 'lostHeartbeat', { fail: 100 });
      const hpc = aQueue({ workflow: 'push_hpc' });
      expectLimit(
        6,
        (h) => aJob(status, h, { queue: hpc }),
        'lostHeartbeat',
        { fail: 100 },
        { 'watcher.HEARTBEAT_TIMEOUT_push_hpc': 6 },
      );
      expectLimit(
        3,
        (h) => aJob(status, h, { prodSourceLabel: 'panda', queue: hpc }),
        'lostHeartbeat',
        { fail: 100 },
        { 'watcher.HEARTBEAT_TIMEOUT_analysis': 3 },
      );
    },
  );

  it('TIMEOUTS-10 transferring with an own stage-out for the workflow’s limit', () => {
    const own = { jobSubStatus: 'to_transfer', queue: aQueue({ workflow: 'push_hpc' }) };
    expectLimit(
      5,
      (h) => aJob('transferring', h, own),
      'transferringWithoutHeartbeat',
      { fail: 104 },
      { 'watcher.HEARTBEAT_TIMEOUT_push_hpc': 5 },
    );
    expect(judgeTimeout(aJob('transferring', 5), context())).toBeUndefined();
  });

  it('TIMEOUTS-11 holding for 3 hours when urgent, else for 48 hours, and never with a report waiting', () => {
    expectLimit(3, (h) => aJob('holding', h, { currentPriority: 800 }), 'holdingUrgent', { fail: 103 });
    expectLimit(3, (h) => aJob('holding', h, { prodSourceLabel: 'user' }), 'holdingUrgent', { fail: 103 });
    expectLimit(48, (h) => aJob('holding', h), 'holding', { fail: 103 });
    expectLimit(30, (h) => aJob('holding', h), 'holding', { fail: 103 }, { 'job_timeout.TIMEOUT_holding': 30 });
    expect(judgeTimeout(aJob('holding', 400, { hasOutputReport: true }), context())).toBeUndefined();
  });

  it('TIMEOUTS-12 transferring for transtimehi or transtimelo days', () => {
    expectLimit(24, (h) => aJob('transferring', h, { currentPriority: 800 }), 'transferring', { fail: 104 });
    expectLimit(48, (h) => aJob('transferring', h), 'transferring', { fail: 104 });
    const cloud = aQueue({ transTimeHiDays: 3, transTimeLoDays: 0 });
    expectLimit(72, (h) => aJob('transferring', h, { currentPriority: 800, queue: cloud }), 'transferring', { fail: 104 });
    expectLimit(24, (h) => aJob('transferring', h, { queue: cloud }), 'transferring', { fail: 104 });
  });

  it('lets everything wait at a paused queue', () => {
    for (const status of jobMachine.states) {
      expect(judgeTimeout(aJob(status, 9_999, { queue: aQueue({ isPaused: true }) }), context())).toBeUndefined();
    }
  });

  it('keeps queued jobs where reassignment is off, and still misses a pilot there', () => {
    const queue = aQueue({ disablesReassign: true });
    for (const status of ['pending', 'defined', 'assigned', 'activated', 'throttled'] as const) {
      expect(judgeTimeout(aJob(status, 9_999, { queue }), context())).toBeUndefined();
    }
    expect(judgeTimeout(aJob('running', 3, { queue }), context())?.rule).toBe('lostHeartbeat');
  });

  it('fails as recovery when an error text is there, and notes a worker that ended', () => {
    expect(judgeTimeout(aJob('running', 3, { hasErrorText: true }), context())?.result).toEqual({ fail: 101 });
    expect(judgeTimeout(aJob('running', 3, { workerEnded: true }), context())).toMatchObject({
      result: { fail: 100 },
      supplementalCode: 2,
    });
    expect(judgeTimeout(aJob('sent', 1, { workerEnded: true }), context())?.supplementalCode).toBeUndefined();
  });

  it('moves analysis jobs only with a limit set and a quiet owner', () => {
    const mine = { prodSourceLabel: 'user', accountActiveAt: ago(4) };
    const rows = { 'rebroker.ANALY_TIMEOUT': 12 };
    expectLimit(12, (h) => aJob('activated', h, mine), 'analysisQueued', { kill: 51 }, rows);
    expect(judgeTimeout(aJob('activated', 13, mine), context())).toBeUndefined();
    expect(judgeTimeout(aJob('activated', 13, { ...mine, accountActiveAt: ago(1) }), context(rows))).toBeUndefined();
  });

  it('ends what has lost its purpose', () => {
    expectLimit(0.5, (h) => aJob('activated', h, { preMergeGone: true }), 'preMergeGone', { kill: 2 });
    expectLimit(24, (h) => aJob('running', h, { eventService: 'merge', modificationTime: ago(0) }), 'eventServiceTooLong', {
      kill: 2,
    });
    expectLimit(
      5 * 24,
      (h) => aJob('running', h, { prodSourceLabel: 'ddm', modificationTime: ago(0) }),
      'dataManagementTooLong',
      { kill: 2 },
    );
    expectLimit(1, (h) => aJob('waiting', h), 'waiting', { kill: 4 });
    expectLimit(7 * 24, (h) => aJob('waiting', h, { isCoJumbo: true }), 'unclaimed', { kill: 2 });
  });

  it('says in one line what waited how long', () => {
    expect(judgeTimeout(aJob('running', 2.5), context())).toMatchObject({
      waitedS: 9_000,
      limitS: 7_200,
      diag: 'lostHeartbeat: running for 2.5 h, the limit is 2 h',
    });
  });

  it('never touches a final job and only ends jobs in legal ways', () => {
    for (const status of finalJobStatuses) expect(judgeTimeout(aJob(status, 9_999), context())).toBeUndefined();
    for (const rule of timeoutRules) {
      const result = typeof rule.result === 'function' ? rule.result(aJob('defined', 1)) : rule.result;
      const event = 'fail' in result ? 'timedOut' : killCodes[result.kill].event;
      expect(sourcesOf(jobMachine, event)).toEqual(expect.arrayContaining([...rule.statuses]));
    }
  });
});

describe('our own outages', () => {
  it('lengthen heartbeat limits, and only those, for one period', () => {
    const extensionS = heartbeatExtensionS([{ from: ago(3), to: ago(1) }], now, 7_200);
    expect(extensionS).toBe(7_200);
    expect(judgeTimeout(aJob('running', 3.9), context({}, extensionS))).toBeUndefined();
    expect(judgeTimeout(aJob('running', 4.1), context({}, extensionS))?.rule).toBe('lostHeartbeat');
    expect(judgeTimeout(aJob('pending', 1.1), context({}, extensionS))?.rule).toBe('pending');
  });

  it('count only when longer than 5 minutes and recent', () => {
    expect(heartbeatExtensionS([{ from: ago(0.05), to: ago(0) }], now, 7_200)).toBe(0);
    expect(heartbeatExtensionS([{ from: ago(9), to: ago(2) }], now, 7_200)).toBe(0);
    const both = [
      { from: ago(1), to: ago(0.5) },
      { from: ago(1.9), to: ago(1.5) },
    ];
    expect(heartbeatExtensionS(both, now, 7_200)).toBe(3_240);
  });

  it('bound what one sweep may fail', () => {
    expect(sweepBudget(0)).toBe(1_000);
    expect(sweepBudget(50_000)).toBe(1_000);
    expect(sweepBudget(600_000)).toBe(12_000);
  });
});

describe('fast rebrokerage', () => {
  const limits = { queuedPerRunning: 3, partOfAll: 0.3, queued: (gshare: string) => (gshare === 'MC' ? 20 : undefined) };
  const aShare = (more: Partial<QueuedShare> = {}): QueuedShare => ({
    queue: 'CERN',
    gshare: 'MC',
    queued: 100,
    running: 10,
    queuedEverywhere: 200,
    hasSlots: false,
    ...more,
  });

  it('takes away what is above all three thresholds', () => {
    expect(judgeFastRebrokerage(aShare(), limits)).toEqual({ queue: 'CERN', gshare: 'MC', jobs: 40, dryRun: false });
    expect(judgeFastRebrokerage(aShare({ running: 34 }), limits)).toBeUndefined();
    expect(judgeFastRebrokerage(aShare({ queuedEverywhere: 400 }), limits)).toBeUndefined();
    expect(judgeFastRebrokerage(aShare({ queued: 20, running: 0, queuedEverywhere: 20 }), limits)).toBeUndefined();
  });

  it('only reports for a share without a threshold, and leaves queues with slots alone', () => {
    expect(judgeFastRebrokerage(aShare({ gshare: 'Group' }), limits)).toMatchObject({ dryRun: true });
    expect(judgeFastRebrokerage(aShare({ hasSlots: true }), limits)).toBeUndefined();
  });

  it('never takes more than is queued', () => {
    const share = fc.record({ queued: fc.nat(1_000), running: fc.nat(300), queuedEverywhere: fc.nat(5_000) });
    fc.assert(
      fc.property(share, (s) => {
        const verdict = judgeFastRebrokerage(aShare({ ...s, queuedEverywhere: s.queued + s.queuedEverywhere }), limits);
        if (verdict) expect(verdict.jobs).toBeLessThanOrEqual(s.queued);
      }),
    );
  });
});
