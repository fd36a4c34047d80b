import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { effectiveCores, type ResourceTypeRow, resourceTypeOfJob, resourceTypeOfTask } from './resource-type.js';

const row = (
  name: string,
  minCore: number,
  maxCore: number | null,
  minRamPerCore: number | null,
  maxRamPerCore: number | null,
): ResourceTypeRow => ({
  name,
  minCore,
  maxCore,
  minRamPerCore,
  maxRamPerCore,
});
const rows = [
  row('SCORE', 1, 1, null, 2000),
  row('SCORE_HIMEM', 1, 1, 2001, null),
  row('MCORE', 2, null, null, 2000),
  row('MCORE_HIMEM', 2, null, 2001, null),
];

describe('resource types', () => {
  it.each([
    [{ coreCount: 1, minRamCount: 2000 }, 'SCORE'],
    [{ coreCount: null, minRamCount: null }, 'SCORE'],
    [{ coreCount: 1, minRamCount: 2001 }, 'SCORE_HIMEM'],
    [{ coreCount: 8, minRamCount: 16000 }, 'MCORE'],
    [{ coreCount: 0, minRamCount: 16000 }, 'MCORE'],
    [{ coreCount: 8, minRamCount: 16008 }, 'MCORE_HIMEM'],
  ] as const)('a job with %j is %s', (job, name) => {
    expect(resourceTypeOfJob(rows, job)).toBe(name);
  });

  it.each([
    [{ coreCount: 1, ramCount: 2200, ramPerCore: false, baseRamCount: 0 }, 'SCORE'],
    [{ coreCount: 1, ramCount: 2300, ramPerCore: false, baseRamCount: null }, 'SCORE_HIMEM'],
    [{ coreCount: 8, ramCount: 2000, ramPerCore: true, baseRamCount: 1000 }, 'MCORE'],
    [{ coreCount: 8, ramCount: 2000, ramPerCore: false, baseRamCount: null }, 'MCORE'],
    [{ coreCount: 0, ramCount: 3000, ramPerCore: true, baseRamCount: null }, 'MCORE_HIMEM'],
  ] as const)('a task with %j makes %s jobs', (task, name) => {
    expect(resourceTypeOfTask(rows, task)).toBe(name);
  });

  it('takes the first row of the table, and says Undefined when none fits', () => {
    expect(resourceTypeOfJob([row('ANY', 1, null, null, null), ...rows], { coreCount: 8, minRamCount: 1 })).toBe('ANY');
    expect(resourceTypeOfJob([row('BIG', 16, null, null, null)], { coreCount: 8, minRamCount: 1 })).toBe('Undefined');
  });

  it('classifies every job, since the rows leave no gap in whole megabytes per core', () => {
    fc.assert(
      fc.property(fc.option(fc.nat(64)), fc.nat(10_000), (coreCount, perCore) => {
        const minRamCount = perCore * effectiveCores(coreCount);
        expect(resourceTypeOfJob(rows, { coreCount, minRamCount })).not.toBe('Undefined');
      }),
    );
  });
});
