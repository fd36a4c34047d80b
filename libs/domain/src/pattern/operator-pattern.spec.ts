import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromPython, OperatorPattern, PatternRefused, patternMax } from './operator-pattern.js';

const matches = (pattern: string, text: string) => OperatorPattern.compile(pattern).matches(text);

describe('a pattern of an operator', () => {
  it.each([
    ['user', 'user.alice', true],
    ['alice', 'user.alice', false],
    ['.*alice', 'user\nalice', true],
    ['(managed|test)$', 'managed', true],
    ['(managed|test)$', 'managed\n', true],
    ['(managed|test)$', 'managedX', false],
    ['managed\\Z', 'managed\n', false],
    ['a{,2}b', 'aab', true],
    ['[$.[]+x', '$.[x', true],
    ['[]a]+b', ']ab', true],
    ['[^]]b', 'xb', true],
    ['[^]]b', ']b', false],
    ['\\$\\[1\\]', '$[1]', true],
    ['caf\\u00e9', 'café', true],
    ['[\\u00e9]', 'é', true],
    ['(?i)ERROR', 'error 5', true],
    ['(?P<what>lost) heartbeat', 'lost heartbeat', true],
    ['', 'anything', true],
  ] as const)('%s on %j is %s', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  it.each(['(a+)+\\1', '(?=x)', '(?<!x)y', '(', '[a', '*a', 'a{3000}', 'x'.repeat(patternMax + 1)])(
    'refuses %s, naming it',
    (pattern) => {
      expect(() => OperatorPattern.compile(pattern)).toThrow(PatternRefused);
      try {
        OperatorPattern.compile(pattern);
      } catch (error) {
        expect((error as PatternRefused).pattern).toBe(pattern);
      }
    },
  );

  it('takes linear time where backtracking engines need a lifetime', () => {
    const evil = OperatorPattern.compile('(a+)+$');
    expect(evil.matches(`${'a'.repeat(4_000)}!`)).toBe(false);
  });

  it('finds any escaped text at the start', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.string({ maxLength: 40 }), (text, rest) => {
        const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
        expect(matches(escaped, text + rest)).toBe(true);
      }),
    );
  });

  it('leaves what both languages share as it is', () => {
    expect(fromPython('^(a|b)[0-9a-z_]+\\d{2,3}?\\.')).toBe('^(a|b)[0-9a-z_]+\\d{2,3}?\\.');
  });
});
