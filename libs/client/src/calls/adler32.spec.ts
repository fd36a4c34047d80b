import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Adler32 } from './adler32.js';

const sumOf = (bytes: Uint8Array) => new Adler32().update(bytes).digest();

describe('adler32', () => {
  it.each([
    ['', '00000001'],
    ['a', '00620062'],
    ['Wikipedia', '11e60398'],
  ])('of %j is %s', (text, sum) => expect(sumOf(Buffer.from(text))).toBe(sum));

  it('does not overflow on long runs of the largest byte', () => {
    expect(sumOf(Buffer.alloc(1_000_000, 0xff))).toBe(bySteps(Buffer.alloc(1_000_000, 0xff)));
  });

  it('does not depend on how the stream is cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20_000 }), fc.nat(20_000), (bytes, cut) => {
        const pieces = new Adler32().update(bytes.subarray(0, cut)).update(bytes.subarray(cut));
        expect(pieces.digest()).toBe(bySteps(bytes));
      }),
      { numRuns: 30 },
    );
  });
});

/** The definition, one byte and one division at a time. */
function bySteps(bytes: Uint8Array): string {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return (high * 65_536 + low).toString(16).padStart(8, '0');
}
