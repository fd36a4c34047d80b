import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ClientError } from '../errors.js';
import { defaultRetry, pauseMs, type RetryPolicy, withRetries } from './retry.js';

function policy(pauses: number[], changes: Partial<RetryPolicy> = {}): RetryPolicy {
  return { ...defaultRetry, sleep: async (ms) => void pauses.push(ms), random: () => 1, ...changes };
}

function failing(times: number, error: Error): () => Promise<number> {
  let calls = 0;
  return async () => {
    calls++;
    if (calls <= times) throw error;
    return calls;
  };
}

const transient = new ClientError('PANDA-CLIENT-002', 'too slow');
const refusedConnection = new ClientError('PANDA-CLIENT-001', 'no', { facts: { errno: 'ECONNREFUSED' } });
const cutConnection = new ClientError('PANDA-CLIENT-001', 'no', { facts: { errno: 'ECONNRESET' } });
const busy = new ClientError('PANDA-CLIENT-009', 'busy', { facts: { status: 503, retryAfterS: 2 } });

describe('a call is repeated', () => {
  it.each([
    ['what never reached the server, whatever it does', refusedConnection, false, true],
    ['a read after any transient failure', transient, true, true],
    ['not a write that may have been done', transient, false, false],
    ['not a write whose connection was cut', cutConnection, false, false],
    ['what the server put off', busy, false, true],
    ['not what is wrong in itself', new ClientError('PANDA-CLIENT-007', 'no'), true, false],
    ['not after an error of our own', new Error('bug'), true, false],
  ])('%s', async (_what, error, idempotent, repeated) => {
    const call = withRetries(policy([]), idempotent, failing(1, error));
    if (repeated) await expect(call).resolves.toBe(2);
    else await expect(call).rejects.toBe(error);
  });

  it('as often as the policy says, then the last error is thrown', async () => {
    const pauses: number[] = [];
    await expect(withRetries(policy(pauses, { attempts: 4 }), true, failing(9, transient))).rejects.toBe(transient);
    expect(pauses).toEqual([500, 1_000, 2_000]);
  });

  it('not before the pause the server asks for', async () => {
    const pauses: number[] = [];
    await withRetries(policy(pauses, { random: () => 0 }), false, failing(1, busy));
    expect(pauses).toEqual([2_000]);
  });

  it('after pauses within their bounds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, random) => {
        const pause = pauseMs(policy([], { random: () => random }), attempt);
        expect(pause).toBeGreaterThanOrEqual(0);
        expect(pause).toBeLessThanOrEqual(defaultRetry.maxMs);
      }),
    );
  });
});
