import { describe, expect, it } from '@jest/globals';
import { inProcessPauseMs, RETRY_LADDER_MS, RETRY_RULE, verdictAfter } from './retry-rule.js';

describe('the retry rule', () => {
  it('climbs the ladder of 10 s, 1 min, 10 min, 1 h and stays on its last rung', () => {
    const pauses = Array.from({ length: 11 }, (_, n) => {
      const verdict = verdictAfter(RETRY_RULE, n + 1, 'transient');
      return verdict.what === 'retry' ? RETRY_LADDER_MS[verdict.rung] : undefined;
    });
    expect(pauses).toEqual([10_000, 60_000, 600_000, ...Array(8).fill(3_600_000)]);
  });

  it('puts a message aside after its twelfth failure', () => {
    expect(verdictAfter(RETRY_RULE, 12, 'transient')).toEqual({ what: 'bury', exhausted: true });
  });

  it('puts a message aside at once when no repetition can help', () => {
    expect(verdictAfter(RETRY_RULE, 1, 'permanent')).toEqual({ what: 'bury', exhausted: false });
  });

  it('never pauses longer than a second between tries at once', () => {
    expect([1, 2, 3, 10].map(inProcessPauseMs)).toEqual([40, 80, 160, 1_000]);
  });
});
