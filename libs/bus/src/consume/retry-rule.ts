import type { FailureKind } from '../failure.js';

/** Pauses between tries, one delay queue each: 10 s, 1 min, 10 min, 1 h. Source: reliability contract, retry ladder. */
export const RETRY_LADDER_MS = [10_000, 60_000, 600_000, 3_600_000] as const;

export interface RetryRule {
  /** Pauses of the ladder; the last one repeats. */
  readonly ladderMs: readonly number[];
  /** Tries before a message that keeps failing is put aside. */
  readonly maxAttempts: number;
  /** Tries at once, before the ladder. */
  readonly inProcessTries: number;
}

export const RETRY_RULE: RetryRule = { ladderMs: RETRY_LADDER_MS, maxAttempts: 12, inProcessTries: 5 };

export type Verdict = { readonly what: 'retry'; readonly rung: number } | { readonly what: 'bury'; readonly exhausted: boolean };

/** What becomes of a message after its `attempt`-th try (from 1) failed. */
export function verdictAfter(rule: RetryRule, attempt: number, kind: FailureKind): Verdict {
  if (kind === 'permanent') return { what: 'bury', exhausted: false };
  if (attempt >= rule.maxAttempts) return { what: 'bury', exhausted: true };
  return { what: 'retry', rung: Math.min(attempt, rule.ladderMs.length) - 1 };
}

/** Longest pause before the `n`-th in-process try; the pause is uniform below it. */
export function inProcessPauseMs(n: number): number {
  return Math.min(1_000, 20 * 2 ** n);
}
