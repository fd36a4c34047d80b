import { describe, expect, it } from '@jest/globals';
import { productionGroups, replaced } from './user.js';

describe('the production role', () => {
  it('is held in groups <vo>/<role>, with exactly one slash', () => {
    const groups = ['wlcg', 'higgs/production', '/top/production', 'a/b/production', 'susy/user', 'x/production'];
    expect(productionGroups(groups, 'production')).toEqual(['higgs', 'x']);
    expect(productionGroups(groups, 'user')).toEqual(['susy']);
  });
});

describe('a nickname', () => {
  it.each([
    ['alice', undefined, 'alice'],
    ['alice@cern.ch', '/@.*$//', 'alice'],
    ['a-b-c', '|-|_|', 'a_b_c'],
  ])('%s by the rule %s is %s', (nickname, rule, result) => expect(replaced(nickname, rule)).toBe(result));

  it.each(['/x', '/(/y/'])('refuses the rule %s', (rule) => {
    expect(() => replaced('alice', rule)).toThrow(/PANDA_NICKNAME_REPLACE/);
  });
});
