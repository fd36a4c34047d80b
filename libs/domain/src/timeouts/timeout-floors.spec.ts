import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judgeTimeout } from './judge-timeout.js';
import type { TimedJob } from './timed-job.js';
import { timeoutFloors } from './timeout-floors.js';
import { timeoutRules } from './timeout-rules.js';

const now = new Date('2026-11-22T12:00:00Z');
const statuses = [...new Set(timeoutRules.flatMap((rule) => rule.statuses))];
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const nothing = () => undefined;
const floorOf = (status: TimedJob['status'], configured = nothing as (c: string, n: string) => number | undefined) =>
  timeoutFloors(configured, ['grid_run']).find((floor) => floor.status === status);

describe('the shortest time-outs of a state', () => {
  it('are those of the rules', () => {
    expect(floorOf('sent')).toEqual({ status: 'sent', idleS: 1_800, longS: 5 * 86_400 });
    expect(floorOf('running')).toEqual({ status: 'running', idleS: 7_200, longS: 86_400 });
    expect(floorOf('pending')).toEqual({ status: 'pending', idleS: 3_600, longS: null });
  });

  it('follow what operators configure, for the workflows of the queues too', () => {
    expect(floorOf('pending', (_, name) => (name === 'TIMEOUT_pending' ? 8 : undefined))?.idleS).toBe(8 * 3_600);
    expect(floorOf('running', (_, name) => (name === 'HEARTBEAT_TIMEOUT_grid_run' ? 0.5 : undefined))?.idleS).toBe(1_800);
  });

  it('never hide a job that has timed out', () => {
    const hours = fc.integer({ min: 0, max: 24 * 30 });
    const job = fc.record({
      status: fc.constantFrom(...statuses),
      prodSourceLabel: fc.constantFrom('managed', 'user', 'ddm'),
      currentPriority: fc.constantFrom(100, 950),
      jobSubStatus: fc.constantFrom(null, 'slow'),
      eventService: fc.constantFrom(null, 'consumer' as const, 'merge' as const),
      preMergeGone: fc.boolean(),
      hasOutputReport: fc.boolean(),
      workflow: fc.constantFrom(null, 'grid_run', 'other'),
      created: hours,
      idle: hours,
      started: fc.option(hours),
      ended: fc.option(hours),
    });
    const configured = fc.dictionary(
      fc.constantFrom('TIMEOUT_pending', 'TIMEOUT_holding', 'HEARTBEAT_TIMEOUT_grid_run', 'HEARTBEAT_TIMEOUT_analysis'),
      fc.integer({ min: 1, max: 50 }),
    );
    fc.assert(
      fc.property(job, configured, ({ created, idle, started, ended, workflow, ...rest }, rows) => {
        const read = (_: string, name: string) => rows[name];
        const oldest = Math.max(created, idle, started ?? 0, ended ?? 0);
        const timed: TimedJob = {
          ...rest,
          processingType: 'simul',
          isJedi: true,
          isCoJumbo: false,
          creationTime: ago(oldest),
          modificationTime: ago(idle),
          stateChangeTime: ago(Math.max(idle, started ?? 0)),
          startTime: started === null ? null : ago(started),
          endTime: ended === null ? null : ago(ended),
          hasErrorText: false,
          workerEnded: false,
          accountActiveAt: null,
          queue: {
            name: 'Q',
            isPaused: false,
            disablesReassign: false,
            workflow,
            lastStart: null,
            transTimeHiDays: 0,
            transTimeLoDays: null,
          },
        };
        const verdict = judgeTimeout(timed, { now, configured: read, extensionS: 0 });
        if (!verdict) return;
        const floor = timeoutFloors(read, ['grid_run', 'other']).find(({ status }) => status === rest.status);
        expect(Math.min(floor?.idleS ?? Number.POSITIVE_INFINITY, floor?.longS ?? Number.POSITIVE_INFINITY)).toBeLessThan(
          verdict.waitedS,
        );
      }),
    );
  });
});
