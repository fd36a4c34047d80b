import { describe, expect, it } from '@jest/globals';
import { UnknownOutcome } from '@panda/database';
import { BusUnavailable, failureKind, HandlerTimeout, reasonCode, reasonText, Unprocessable } from './failure.js';

describe('a failure', () => {
  it.each([
    ['a deadlock', Object.assign(new Error('deadlock detected'), { code: '40P01' })],
    ['a lost connection', new Error('Connection terminated unexpectedly')],
    ['an unknown outcome of COMMIT', new UnknownOutcome(new Error('gone'))],
    ['a transport that is away', new BusUnavailable('away')],
    ['a handler that takes too long', new HandlerTimeout(5)],
    ['a domain error that says so', Object.assign(new Error('peer answered 503'), { kind: 'transient' })],
  ])('passes: %s', (_, error) => expect(failureKind(error)).toBe('transient'));

  it.each([
    ['a broken constraint', Object.assign(new Error('duplicate key'), { code: '23505' })],
    ['a message nobody can read', new Unprocessable('malformed', 'no JSON')],
    ['a domain error of another kind', Object.assign(new Error('no such task'), { kind: 'notFound' })],
    ['a bug', new TypeError('x is undefined')],
    ['something that is no error', 'no'],
    ['nothing', undefined],
  ])('stays: %s', (_, error) => expect(failureKind(error)).toBe('permanent'));

  it('names its reason by its code, else by its kind of error', () => {
    expect([new Unprocessable('malformed', 'x'), new TypeError('x'), 'text', null].map(reasonCode)).toEqual([
      'malformed',
      'TypeError',
      'unknown',
      'unknown',
    ]);
  });

  it('tells the messages of its causes, within bounds', () => {
    expect(reasonText(new Error('outer', { cause: new Error('inner') }))).toBe('outer: inner');
    expect(reasonText('text')).toBe('text');
    expect(reasonText(new Error('x'.repeat(5_000)))).toHaveLength(2_000);
    const circle = new Error('round');
    circle.cause = circle;
    expect(reasonText(circle)).toBe('round: round: round: round: round');
  });
});
