import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatDuration, parseDuration } from './duration.js';

describe('a duration', () => {
  it.each([
    ['0', 0],
    ['250', 250],
    ['250ms', 250],
    ['90s', 90_000],
    ['1.5h', 5_400_000],
    ['1h 30m', 5_400_000],
    ['2d', 172_800_000],
  ])('%s is %d ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', 'soon', '5x', '-5s', '5 s later', '1..5h'])('%j is none', (text) => expect(parseDuration(text)).toBeUndefined());

  it('survives being written and read again', () => {
    fc.assert(fc.property(fc.nat(), (ms) => expect(parseDuration(formatDuration(ms))).toBe(ms)));
  });
});
