import { describe, expect, it } from '@jest/globals';
import { draw, entries, isZPeak, parseHistogram, peak } from './histogram.js';

const around = (centre: number) =>
  Array.from({ length: 60 }, (_, index) => ({
    lowEdge: 60 + index,
    count: Math.max(0, 100 - 20 * Math.abs(60 + index - centre)),
  }));

describe('the di-muon histogram', () => {
  it('reads what the merge step wrote and nothing else', () => {
    expect(parseHistogram('60 3\n61 0\n')).toEqual([
      { lowEdge: 60, count: 3 },
      { lowEdge: 61, count: 0 },
    ]);
    expect(() => parseHistogram('60 3\n<html>')).toThrow("not a histogram line: '<html>'");
  });

  it('accepts a peak at the Z mass and refuses one elsewhere', () => {
    expect(peak(around(91))).toBeCloseTo(91.5, 5);
    expect(isZPeak(around(91))).toBe(true);
    expect(isZPeak(around(80))).toBe(false);
    expect(() => isZPeak([{ lowEdge: 60, count: 0 }])).toThrow('empty');
  });

  it('draws every event once', () => {
    const drawn = draw(around(91)).split('\n');
    expect(drawn).toHaveLength(30);
    expect(drawn.reduce((sum, line) => sum + Number(/(\d+)$/.exec(line)?.[1]), 0)).toBe(entries(around(91)));
  });
});
