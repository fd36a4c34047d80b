import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Demand, workersWanted } from './workers-wanted.js';

const queue = { maxWorkers: 10, maxNewWorkersPerCycle: 5, maxQueuedWorkers: 4, runMode: 'self' as const };
const demand = (changes: Partial<Demand>): Demand => ({
  queue,
  active: 0,
  queued: 0,
  young: 0,
  activated: 0,
  commanded: 0,
  recovering: false,
  ...changes,
});

describe('how many workers to start', () => {
  it.each([
    ['none while no job waits', {}, 0],
    ['none when the server did not say', { activated: undefined }, 0],
    ['one for each waiting job', { activated: 2 }, 2],
    ['none for a job that a young worker is about to take', { activated: 2, active: 2, young: 2 }, 0],
    ['no more than fit the queue', { activated: 99, active: 9 }, 1],
    ['no more than fit a cycle and the batch system', { activated: 99 }, 4],
    ['no more than may wait for a slot', { activated: 99, active: 3, queued: 3 }, 1],
    ['none above the limit after it was lowered', { activated: 99, active: 12 }, 0],
    ['one to report the job of a pilot that died', { recovering: true }, 1],
    [
      'as many as commanded, where the server decides',
      { queue: { ...queue, runMode: 'slave' as const }, activated: 99, commanded: 3 },
      3,
    ],
  ])('%s', (_what, changes, expected) => {
    expect(workersWanted(demand(changes))).toBe(expected);
  });

  it('never passes a limit and never is negative', () => {
    const number = fc.nat(50);
    fc.assert(
      fc.property(number, number, number, number, number, (active, queued, young, activated, commanded) => {
        const count = workersWanted(demand({ active, queued, young, activated, commanded }));
        expect(count).toBeGreaterThanOrEqual(0);
        if (count > 0) expect(active + count).toBeLessThanOrEqual(queue.maxWorkers);
        if (count > 0) expect(queued + count).toBeLessThanOrEqual(queue.maxQueuedWorkers);
      }),
    );
  });
});
