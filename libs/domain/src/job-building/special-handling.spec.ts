import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  formatSpecialHandling,
  parseSpecialHandling,
  type SpecialHandlingFlag,
  type SpecialHandlingValue,
  specialHandlingFlags,
  specialHandlingValues,
} from './special-handling.js';

describe('special handling', () => {
  it('every flag and value survives the column', () => {
    const flags = fc.uniqueArray(fc.constantFrom(...(Object.keys(specialHandlingFlags) as SpecialHandlingFlag[])));
    const values = fc.uniqueArray(
      fc.tuple(
        fc.constantFrom(...(Object.keys(specialHandlingValues) as SpecialHandlingValue[])),
        fc.stringMatching(/^[a-z0-9:]{1,8}$/),
      ),
      { selector: ([key]) => key },
    );
    const others = fc.array(fc.stringMatching(/^z[A-Z]{3,6}$/));
    fc.assert(
      fc.property(flags, values, others, (f, v, o) => {
        const handling = { flags: new Set(f), values: new Map(v), others: o };
        const text = formatSpecialHandling(handling);
        expect(parseSpecialHandling(text)).toEqual(handling);
        expect(text === null).toBe(f.length + v.length + o.length === 0);
      }),
    );
  });

  it('no two tokens are the same', () => {
    const tokens = [...Object.values(specialHandlingFlags), ...Object.values(specialHandlingValues)];
    expect(new Set(tokens).size).toBe(tokens.length);
  });
});
