import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SplitRule } from './split-rule.js';
import { type SplitRuleKey, splitRuleCodes } from './split-rule-codes.js';

const keys = Object.keys(splitRuleCodes) as SplitRuleKey[];
const anyValueOf = (key: SplitRuleKey): fc.Arbitrary<number | boolean | string | number[]> => {
  switch (splitRuleCodes[key].kind) {
    case 'flag':
      return fc.constant(true);
    case 'switch':
      return fc.boolean();
    case 'count':
      return fc.nat();
    case 'signed':
      return fc.integer();
    case 'list':
      return fc.array(fc.integer({ min: -9, max: 99 }), { minLength: 1, maxLength: 5 });
    case 'text':
      return fc.stringMatching(/^[a-z]{1,10}$/);
  }
};
const entries = fc.uniqueArray(
  fc.constantFrom(...keys).chain((key) => anyValueOf(key).map((value) => ({ key, value }))),
  { selector: (e) => e.key },
);

describe('split rule', () => {
  it('JEDI-refiner-02 every code survives the column text, whatever stands beside it', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const rule = list.reduce((r, e) => r.with(e.key, e.value), SplitRule.empty);
        const back = SplitRule.parse(rule.toString());
        expect(back.toString()).toBe(rule.toString());
        for (const e of list) expect(back.get(e.key)).toEqual(e.value);
        for (const key of keys) expect(back.has(key)).toBe(list.some((e) => e.key === key));
      }),
    );
  });

  it('no two keys share a code', () => {
    expect(new Set(keys.map((k) => splitRuleCodes[k].code)).size).toBe(keys.length);
  });

  it('replaces a code in its place and leaves the others alone', () => {
    expect(SplitRule.parse('NF=2,AN=1,2,US=2').with('nFilesPerJob', 5).toString()).toBe('NF=5,AN=1,2,US=2');
    expect(SplitRule.parse('NF=2,AN=1,2,US=2').without('addNthFieldToLFN').toString()).toBe('NF=2,US=2');
  });

  it('keeps codes it does not know', () => {
    expect(SplitRule.parse('QQ=7,NF=2').with('useScout', 3).toString()).toBe('QQ=7,NF=2,US=3');
  });

  it.each([
    ['LI=0', 'useLocalIO', false],
    ['LI=1', 'useLocalIO', true],
    ['MO=0', 'mergeOutput', true],
    ['TW=-1', 't1Weight', -1],
    ['DE=rucio', 'ddmBackEnd', 'rucio'],
    ['', 'nFilesPerJob', undefined],
    [null, 'nFilesPerJob', undefined],
    ['NF=x', 'nFilesPerJob', undefined],
  ] as const)('reads %s as %s = %s', (text, key, value) => {
    expect(SplitRule.parse(text).get(key)).toEqual(value);
  });

  it.each([
    ['nFilesPerJob', -1],
    ['nFilesPerJob', 1.5],
    ['nFilesPerJob', '3,MO=1'],
    ['ddmBackEnd', 'a,b'],
    ['useLocalIO', 2],
  ] as const)('refuses %s = %s', (key, value) => {
    expect(() => SplitRule.empty.with(key, value)).toThrow(RangeError);
  });
});
