import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type DirectJob,
  directJobPriority,
  fixedPriorities,
  jediJobPriority,
  priorityAccount,
  userJobPriority,
  userTaskJobPriority,
  waitingJobPriority,
} from './job-priority.js';

function aJob(more: Partial<DirectJob> = {}): DirectJob {
  return {
    prodSourceLabel: 'user',
    processingType: 'prun',
    userName: 'alice',
    isBuild: false,
    isExpress: false,
    isScout: false,
    isSuperGroup: false,
    given: 0,
    ...more,
  };
}
const fresh = { activeJobs: 0, serial: 0 };

describe('priorities of users’ jobs', () => {
  it('give the first five of 100 jobs of a fresh user 1000 and the last five 981', () => {
    const priorities = Array.from({ length: 100 }, (_, serial) => userJobPriority({ activeJobs: 0, serial }));
    expect(priorities.slice(0, 5)).toEqual([1000, 1000, 1000, 1000, 1000]);
    expect(priorities.slice(95)).toEqual([981, 981, 981, 981, 981]);
    expect(userJobPriority({ activeJobs: 0, serial: 9 })).toBe(999);
  });

  it('never grow with the number of jobs or the quota used', () => {
    const position = fc.record({
      activeJobs: fc.nat(10_000),
      serial: fc.nat(10_000),
      quotaWeight: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(position, fc.nat(500), (p, more) => {
        const now = userJobPriority(p);
        expect(Number.isInteger(now)).toBe(true);
        expect(userJobPriority({ ...p, serial: p.serial + more })).toBeLessThanOrEqual(now);
        expect(userJobPriority({ ...p, activeJobs: p.activeJobs + more })).toBeLessThanOrEqual(now);
        expect(userJobPriority({ ...p, quotaWeight: 1 })).toBeLessThanOrEqual(now);
      }),
    );
  });

  it('rise while a job waits, and reach the start before it expires', () => {
    const line = { current: 700, ahead: 2_000, expiresAfterS: 7 * 86_400 };
    expect(waitingJobPriority({ ...line, waitedS: 0 })).toBe(700);
    expect(waitingJobPriority({ ...line, waitedS: 6 * 86_400 })).toBe(942);
    expect(waitingJobPriority({ ...line, waitedS: 7 * 86_400 })).toBe(1000);
    expect(waitingJobPriority({ ...line, ahead: 0, waitedS: 0 })).toBe(1000);
    expect(waitingJobPriority({ ...line, current: 100, ahead: 0, waitedS: 0, ceiling: 300 })).toBe(300);
  });

  it('never fall by recomputing', () => {
    const job = fc.record({
      current: fc.integer({ min: -5_000, max: 8_000 }),
      ahead: fc.nat(50_000),
      waitedS: fc.nat(2_000_000),
    });
    fc.assert(
      fc.property(job, fc.nat(100_000), (j, later) => {
        const now = waitingJobPriority({ ...j, expiresAfterS: 604_800 });
        expect(now).toBeGreaterThanOrEqual(j.current);
        expect(waitingJobPriority({ ...j, waitedS: j.waitedS + later, expiresAfterS: 604_800 })).toBeGreaterThanOrEqual(now);
      }),
    );
  });

  it('are counted for the group when the job is official, else for the user', () => {
    expect(priorityAccount({ userName: 'alice', workingGroup: 'phys-higgs' })).toEqual({ group: 'phys-higgs', user: null });
    expect(priorityAccount({ userName: 'alice', workingGroup: null })).toEqual({ group: null, user: 'alice' });
  });

  it('of a task follow its account’s line, except for scouts, and fall with the task', () => {
    const task = { processingType: 'prun', userName: 'alice', gshare: 'User Analysis', currentPriority: 1000 };
    const at = { activeJobs: 100, serial: 7 };
    expect(userTaskJobPriority(task, 'normal', at)).toBe(979);
    expect(userTaskJobPriority(task, 'scout', at)).toBe(1001);
    expect(userTaskJobPriority(task, 'merge', at)).toBe(5000);
    expect(userTaskJobPriority(task, 'build', at)).toBe(2000);
    expect(userTaskJobPriority({ ...task, gshare: 'Express' }, 'build', at)).toBe(6500);
    expect(userTaskJobPriority({ ...task, currentPriority: 1800 }, 'normal', at)).toBe(1800);
    expect(userTaskJobPriority({ ...task, currentPriority: 300 }, 'normal', at)).toBe(300);
    expect(userTaskJobPriority({ ...task, processingType: 'hammercloud', currentPriority: 300 }, 'normal', at)).toBe(4000);
  });

  it('are 5000 for merging and 4000 for HammerCloud', () => {
    expect(directJobPriority(aJob({ processingType: 'usermerge' }), fresh)).toBe(5000);
    expect(jediJobPriority({ currentPriority: 400 }, 'merge')).toBe(5000);
    expect(directJobPriority(aJob({ processingType: 'gangarobot-test' }), fresh)).toBe(fixedPriorities.hammercloud);
    expect(directJobPriority(aJob({ processingType: 'hammercloud' }), fresh)).toBe(4000);
  });

  it.each([
    [{ isBuild: true }, 2000],
    [{ isBuild: true, isExpress: true }, 6500],
    [{ isExpress: true }, 6000],
    [{ prodSourceLabel: 'install' }, 4100],
    [{ userName: 'artprod' }, 7000],
    [{ processingType: 'hammercloud-fax' }, 1001],
    [{ isSuperGroup: true }, 2000],
    [{ isScout: true, given: 1200 }, 1200],
    [{ given: 1500 }, 1500],
    [{ given: 1499 }, 1000],
  ] as const)('for %j are %d', (more, priority) => {
    expect(directJobPriority(aJob(more), fresh)).toBe(priority);
  });
});

describe('priorities of JEDI’s jobs', () => {
  it('put scouts above their task', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), (currentPriority) => {
        expect(jediJobPriority({ currentPriority }, 'scout')).toBeGreaterThan(currentPriority);
        expect(jediJobPriority({ currentPriority }, 'normal')).toBe(currentPriority);
      }),
    );
    expect(jediJobPriority({ currentPriority: 500 }, 'scout')).toBe(901);
    expect(jediJobPriority({ currentPriority: 901 }, 'scout')).toBe(902);
  });
});
