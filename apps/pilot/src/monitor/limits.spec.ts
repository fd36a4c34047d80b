import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loopingLimitMs, memoryLimitKb, runTimeLimitS, workDirLimitBytes } from './limits.js';
import { fitLine, memoryLeak } from './linear-fit.js';

describe('limits of a job', () => {
  it('PILOT-main-22 run time: the job’s own with the queue’s grace, else the queue’s, else the pilot’s life, the latter two less 180 s', () => {
    expect(runTimeLimitS({ maxWalltimeS: 100 }, { walltimeGrace: 1.5, maxTimeS: 1000 }, 9000)).toBe(150);
    expect(runTimeLimitS({ maxWalltimeS: 100 }, { walltimeGrace: undefined, maxTimeS: 1000 }, 9000)).toBe(820);
    expect(runTimeLimitS({ maxWalltimeS: 0 }, { walltimeGrace: 1.5, maxTimeS: 0 }, 9000)).toBe(8820);
  });

  it('PILOT-memory-06 memory: maxrss of the queue scaled to the job’s cores, times the grace; none without maxrss', () => {
    expect(memoryLimitKb({ coreCount: 4 }, { maxRssMb: 16_000, coreCount: 8 }, 2)).toBe(16_000 * 1_024);
    expect(memoryLimitKb({ coreCount: 4 }, { maxRssMb: 0, coreCount: 8 }, 2)).toBeUndefined();
  });

  it('PILOT-monitor-06 work directory: maxwdir with its grace, a part of it for a job on one of many cores', () => {
    const queue = { maxWorkDirMb: 1_000, workDirGrace: undefined, coreCount: 4 };
    expect(workDirLimitBytes({ coreCount: 4 }, queue)).toBe(1_200 * 1_048_576);
    expect(workDirLimitBytes({ coreCount: 1 }, { ...queue, workDirGrace: 2 })).toBe(500 * 1_048_576);
  });

  it('CLI-prun-32 A-24 looping: never below the general limit', () => {
    expect(loopingLimitMs({ maxCpuCountS: 10 }, 7_200_000)).toBe(7_200_000);
    expect(loopingLimitMs({ maxCpuCountS: 10_000 }, 7_200_000)).toBe(10_000_000);
  });
});

describe('a linear fit', () => {
  it('PILOT-memory-09 finds slope and intersect to two digits, with chi² 0 on a line', () => {
    expect(
      fitLine([
        { x: 1, y: 5 },
        { x: 2, y: 7 },
        { x: 3, y: 9 },
      ]),
    ).toEqual({ slope: 2, intersect: 3, chi2: 0 });
  });

  it('PILOT-memory-09 has a chi² off the line', () => {
    expect(
      fitLine([
        { x: 0, y: 1 },
        { x: 1, y: 3 },
        { x: 2, y: 2 },
      ]),
    ).toEqual({ slope: 0.5, intersect: 1.5, chi2: 0.77 });
  });

  it('PILOT-memory-09 leaves out as many samples at both ends as it is told', () => {
    const at = (i: number, pssKb: number) => ({ atMs: i * 1_000, pssKb, swapKb: 0 });
    const samples = [at(0, 500), at(1, 10), at(2, 20), at(3, 30), at(4, 900)];
    expect(memoryLeak(samples, 1)).toEqual({ slope: 10, intersect: 10, chi2: 0 });
    expect(memoryLeak(samples, 0)?.slope).toBe(82);
  });

  it('is not made from less than two different points', () => {
    expect(fitLine([])).toBeUndefined();
    expect(
      fitLine([
        { x: 1, y: 1 },
        { x: 1, y: 2 },
      ]),
    ).toBeUndefined();
  });

  it('recovers every line it is given', () => {
    const number = fc.integer({ min: -1_000, max: 1_000 });
    fc.assert(
      fc.property(number, number, fc.uniqueArray(number, { minLength: 2 }), (slope, intersect, xs) => {
        const fit = fitLine(xs.map((x) => ({ x, y: slope * x + intersect })));
        expect(fit?.slope).toBeCloseTo(slope, 1);
        expect(fit?.intersect).toBeCloseTo(intersect, 1);
      }),
    );
  });

  it('PILOT-memory-08 gives the memory leak, without the first and last samples', () => {
    const samples = [0, 1, 2, 3, 4].map((i) => ({ atMs: i * 60_000, pssKb: i === 0 ? 9_999 : 100 + 40 * i, swapKb: 20 * i }));
    expect(memoryLeak(samples)).toMatchObject({ slope: 1, chi2: 0 });
    expect(memoryLeak(samples.slice(0, 2))).toBeUndefined();
  });
});
