import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { taskMachine } from '../task/task.machine.js';
import { type Occupancy, type OccupancyRow, productionFacts, withNewJobs } from './occupancy.js';
import { type Levels, type ProductionFacts, readProductionLimits } from './production-facts.js';
import { mustThrottleTask, throttleMinutes } from './task-throttle.js';
import { throttleProduction } from './throttle-production.js';
import { isShareThrottled, throttleAnalysis, throttleGeneric, throttleTask } from './throttle-verdict.js';
import { mostSevere, reasonOfStatus, severityOf, waitingReasons } from './waiting-reason.js';

const all = (n: number): Levels => ({ resource: n, cores: n, share: n });
const noLimits = { threshold: 2, queueLimit: null, runningCap: null, queueCap: null };

function aQueue(more: Partial<ProductionFacts> = {}): ProductionFacts {
  return {
    throttled: true,
    isShareWide: false,
    prestages: false,
    running: all(1_000),
    defined: all(0),
    notRunning: all(1_900),
    waiting: all(0),
    totalWalltimeS: null,
    waitingPriority: 500,
    jobsPriority: 800,
    notRunningAtPriority: 0,
    limits: noLimits,
    ...more,
  };
}

const throttledBy = (more: Partial<ProductionFacts>) => {
  const verdict = throttleProduction(aQueue(more));
  return verdict.kind === 'throttled' ? verdict.rule : verdict.kind;
};

describe('simple throttlers', () => {
  it('let a queue without a share, or a share without the mark, pass', () => {
    expect(throttleGeneric({ queueShare: null }).kind).toBe('pass');
    expect(throttleGeneric({ queueShare: 0 })).toMatchObject({ kind: 'throttled', mergeOnly: false });
    expect(throttleAnalysis({ throttled: false }).kind).toBe('pass');
    expect(throttleAnalysis({ throttled: true }).kind).toBe('throttled');
    expect([isShareThrottled('N'), isShareThrottled('Y'), isShareThrottled(null)]).toEqual([false, true, true]);
  });
});

describe('the throttler of production', () => {
  it('lets no job but merge jobs through, and says by which numbers', () => {
    expect(throttleProduction(aQueue({ running: all(0), notRunning: all(2_001) }))).toEqual({
      kind: 'throttled',
      mergeOnly: true,
      rule: 'nothingRuns',
      reason: 'nothing runs and 2001 jobs are queued, the limit is 2000',
    });
  });

  it.each([
    ['passes a busy queue', {}, 'pass'],
    ['with nothing running and few queued', { running: all(0), notRunning: all(2_000) }, 'pass'],
    [
      'with nothing running and little work left',
      { running: all(0), notRunning: all(2_001), totalWalltimeS: 50_000_000 },
      'pass',
    ],
    ['with more than twice as many queued as running', { running: all(1_000), notRunning: all(2_100) }, 'enoughQueued'],
    ['with little work left', { running: all(1_000), notRunning: all(2_100), totalWalltimeS: 1 }, 'pass'],
    [
      'of a share as a whole, whatever the work',
      { isShareWide: true, notRunning: all(2_100), totalWalltimeS: 1 },
      'enoughQueued',
    ],
    ['with brokerage stuck', { defined: all(2_401), running: all(9_999) }, 'tooManyDefined'],
    ['with too many waiting', { waiting: all(4_001) }, 'tooManyWaiting'],
    ['with few running and too many waiting', { running: all(10), notRunning: all(0), waiting: all(1_001) }, 'tooManyWaiting'],
    ['above the cap of running', { limits: { ...noLimits, runningCap: { value: 999, level: 'cores' } } }, 'runningCap'],
    ['above the cap of queued', { limits: { ...noLimits, queueCap: { value: 1_899, level: 'share' } } }, 'queueCap'],
    [
      'below an own limit',
      { running: all(0), notRunning: all(50), limits: { ...noLimits, queueLimit: { value: 50, level: 'resource' } } },
      'pass',
    ],
    [
      'above an own limit',
      { running: all(0), notRunning: all(51), limits: { ...noLimits, queueLimit: { value: 50, level: 'resource' } } },
      'nothingRuns',
    ],
  ] as const)('judges a queue %s', (_title, more, rule) => {
    expect(throttledBy(more as Partial<ProductionFacts>)).toBe(rule);
  });

  it('takes counts at the level of the limit', () => {
    const notRunning = { resource: 10, cores: 20, share: 3_000 };
    const limits = (level: 'resource' | 'share') => ({ ...noLimits, queueCap: { value: 25, level } });
    expect(throttledBy({ notRunning, limits: limits('resource') })).toBe('pass');
    expect(throttledBy({ notRunning, limits: limits('share') })).toBe('queueCap');
  });

  it('lets only more urgent tasks pass a full queue, but not the cap of running', () => {
    const full = { running: all(0), notRunning: all(2_001) };
    expect(throttleProduction(aQueue({ ...full, waitingPriority: 900 }))).toMatchObject({ kind: 'pass', minPriority: 900 });
    expect(throttleProduction(aQueue({ ...full, waitingPriority: 800, notRunningAtPriority: 499 }))).toMatchObject({
      minPriority: 800,
    });
    expect(throttledBy({ ...full, waitingPriority: 800, notRunningAtPriority: 500 })).toBe('nothingRuns');
    expect(throttledBy({ ...full, waitingPriority: null })).toBe('nothingRuns');
    expect(throttleProduction(aQueue({ ...full, jobsPriority: null }))).toMatchObject({ minPriority: 500 });
    expect(throttledBy({ waitingPriority: 900, limits: { ...noLimits, runningCap: { value: 1, level: 'share' } } })).toBe(
      'runningCap',
    );
  });

  it('gives a queue that lacks jobs more of them', () => {
    expect(throttleProduction(aQueue())).toEqual({ kind: 'pass', maxJobs: 250, minPriority: null, lacksJobs: false });
    expect(throttleProduction(aQueue({ notRunning: all(100) }))).toEqual({
      kind: 'pass',
      maxJobs: 300,
      minPriority: null,
      lacksJobs: true,
    });
    const own = { ...noLimits, queueLimit: { value: 10_000, level: 'resource' as const } };
    expect(throttleProduction(aQueue({ limits: own }))).toMatchObject({ maxJobs: 500, lacksJobs: true });
    const staging = throttleProduction(aQueue({ prestages: true, limits: own }));
    expect(staging).toMatchObject({ maxJobs: 500, lacksJobs: true });
    expect(throttleProduction(aQueue({ limits: { ...noLimits, queueCap: { value: 5_000, level: 'share' } } }))).toMatchObject({
      maxJobs: 1_000,
    });
    expect(throttleProduction(aQueue({ throttled: false })).kind).toBe('pass');
  });

  it('finds limits from the narrowest name to the widest', () => {
    const rows = new Map([
      ['NQUEUELIMIT_MC_SCORE', 10],
      ['NQUEUELIMIT_MC', 99],
      ['NRUNNINGCAP_MC_SCORE*', 20],
      ['NQUEUECAP_MC', 30],
      ['THROTTLE_THRESHOLD', 3],
    ]);
    expect(readProductionLimits('MC', 'SCORE', (name) => rows.get(name))).toEqual({
      threshold: 3,
      queueLimit: { value: 10, level: 'resource' },
      runningCap: { value: 20, level: 'cores' },
      queueCap: { value: 30, level: 'share' },
    });
    expect(readProductionLimits('MC', 'MCORE_HIMEM', () => undefined)).toEqual(noLimits);
  });

  it('holds the others back, but not their merging, while only urgent tasks pass', () => {
    const urgent = { kind: 'pass', maxJobs: 250, minPriority: 900, lacksJobs: false } as const;
    expect(throttleTask(urgent, 900)).toBe(urgent);
    expect(throttleTask(urgent, 899)).toMatchObject({ kind: 'throttled', mergeOnly: true, rule: 'lowPriority' });
    expect(throttleTask({ ...urgent, minPriority: null }, 0).kind).toBe('pass');
  });

  it('counts a queue of the snapshot at three levels, and takes the mean for jobs without a limit', () => {
    const row = (resourceType: string, status: string, jobs: number, more: Partial<OccupancyRow> = {}): OccupancyRow => ({
      ...{ gshare: 'MC', workQueueId: 1, resourceType, status, jobs, isDynamic: false, walltimeS: 0, withWalltime: 0 },
      ...more,
    });
    const occupancy: Occupancy = {
      jobs: [
        row('SCORE', 'running', 1),
        row('SCORE_HIMEM', 'running', 10),
        row('MCORE', 'running', 100),
        row('SCORE', 'running', 1_000, { gshare: 'Other' }),
        row('SCORE', 'activated', 4, { walltimeS: 200, withWalltime: 2 }),
        row('SCORE', 'starting', 5, { isDynamic: true }),
        row('SCORE', 'holding', 7),
      ],
      urgentJobs: [
        { gshare: 'MC', workQueueId: 1, resourceType: 'SCORE', priority: 500, jobs: 3 },
        { gshare: 'MC', workQueueId: 1, resourceType: 'SCORE', priority: 400, jobs: 9 },
      ],
      waitingTasks: [{ gshare: 'MC', workQueueId: 1, resourceType: 'MCORE', priority: 900 }],
      standby: [{ gshare: 'MC', resourceType: null, jobs: 2 }],
    };
    const queue = { name: 'MC', isShare: true, workQueueId: 1, resourceType: 'SCORE', throttled: true, limits: noLimits };
    const facts = productionFacts(queue, withNewJobs(occupancy, { ...queue, gshare: 'MC' }, 6));
    expect(facts).toMatchObject({
      running: { resource: 3, cores: 13, share: 113 },
      notRunning: { resource: 10, cores: 10, share: 10 },
      totalWalltimeS: 200 * 7.5,
      waitingPriority: null,
      jobsPriority: 500,
      notRunningAtPriority: 3,
    });
    expect(productionFacts({ ...queue, name: 'all', isShare: false, workQueueId: 2 }, occupancy).running).toEqual(all(0));
    expect(productionFacts({ ...queue, name: 'eventservice' }, occupancy).isShareWide).toBe(true);
  });

  it('never opens a queue by queueing more in it', () => {
    const level = fc.nat(5_000).map(all);
    const facts = fc.record({ running: level, defined: level, notRunning: level, waiting: level });
    fc.assert(
      fc.property(facts, fc.nat(1_000), (f, more) => {
        const limits = { ...noLimits, queueLimit: { value: 2_000, level: 'resource' as const } };
        if (throttledBy({ ...f, limits }) === 'pass') return;
        expect(throttledBy({ ...f, limits, defined: all(f.defined.share + more) })).not.toBe('pass');
      }),
    );
  });
});

describe('throttling a task', () => {
  it('takes five more failed attempts per file each time, and lasts longer each time', () => {
    expect(mustThrottleTask({ failedAttempts: 0.1, numThrottled: 0 })).toBe(true);
    expect(mustThrottleTask({ failedAttempts: 5, numThrottled: 1 })).toBe(false);
    expect(mustThrottleTask({ failedAttempts: 5.1, numThrottled: 1 })).toBe(true);
    expect([1, 2, 3].map((n) => throttleMinutes(120, n))).toEqual([120, 480, 1_080]);
  });
});

describe('waiting reasons', () => {
  const at = (hour: number) => new Date(Date.UTC(2026, 10, 22, hour));

  it('give one answer: the most severe, and of equals the one that is looked at first', () => {
    const input = { reason: 'waitingForInput', text: 'one dataset grows', nextLook: at(13) } as const;
    const queues = { reason: 'noCandidate', text: '0 of 3 queues', nextLook: at(14) } as const;
    const sooner = { reason: 'noCandidate', text: '0 of 4 queues', nextLook: at(13) } as const;
    const never = { reason: 'noCandidate', text: 'no queue is known', nextLook: null } as const;
    expect(mostSevere([input, queues, never, sooner])).toBe(sooner);
    expect(mostSevere([])).toBeUndefined();
    expect(severityOf('paused')).toBe(waitingReasons.length - 1);
  });

  it('follow from a status where it says enough', () => {
    expect(reasonOfStatus('paused')).toBe('paused');
    expect(reasonOfStatus('exhausted')).toBe('awaitingDecision');
    for (const status of taskMachine.final) expect(reasonOfStatus(status)).toBeUndefined();
  });
});
