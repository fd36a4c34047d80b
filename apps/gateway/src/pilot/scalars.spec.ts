import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decimal } from './scalars.js';

describe('decimal', () => {
  it.each([
    ['2.5', 2.5],
    [' 1e3 ', 1_000],
    [-7, -7],
    ['NaN', null],
    ['1e400', null],
    ['0x10', null],
    [null, null],
  ] as const)('reads %j as %j', (sent, read) => expect(decimal(sent)).toBe(read));

  it('I08 counts what its column cannot hold as not sent', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (sent) => {
        expect(decimal(String(sent), 99_999)).toBe(Math.abs(sent) <= 99_999 ? Number(String(sent)) : null);
      }),
    );
    expect(decimal('1e308', 99_999)).toBeNull();
    expect(decimal(-1e10, 99_999)).toBeNull();
  });
});
