import { describe, expect, it } from '@jest/globals';
import { Patience } from './patience.js';

describe('patience with jobs that no worker can take', () => {
  const worn = (times: number): Patience => {
    const patience = new Patience(1_000);
    patience.saw(5);
    patience.started(0);
    for (let i = 0; i < times; i++) patience.ended(false);
    return patience;
  };

  it('is not needed while workers find jobs', () => {
    const patience = worn(3);
    patience.ended(true);
    expect(patience.mayStart(1)).toBe(true);
  });

  it.each([
    [1, 2_000],
    [2, 4_000],
    [3, 8_000],
    [30, 60_000],
  ])('after %i workers without a job waits %i ms', (times, ms) => {
    expect(worn(times).mayStart(ms - 1)).toBe(false);
    expect(worn(times).mayStart(ms)).toBe(true);
  });

  it.each([
    ['more jobs wait', 6, true],
    ['no job waits any more', 0, true],
    ['as many wait as before', 5, false],
    ['fewer wait', 4, false],
  ])('begins anew when %s: %i → %s', (_what, activated, expected) => {
    const patience = worn(5);
    patience.saw(activated);
    expect(patience.mayStart(1)).toBe(expected);
  });
});
