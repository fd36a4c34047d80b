import { ClientError } from '../errors.js';

export interface RetryPolicy {
  /** All tries, the first included. */
  readonly attempts: number;
  readonly baseMs: number;
  readonly maxMs: number;
  /** A server that asks for a longer pause than this is believed, but not waited for. */
  readonly askedMaxMs: number;
  /** Injected, so that tests neither wait nor dice. */
  readonly sleep: (ms: number) => Promise<void>;
  /** In [0, 1). */
  readonly random: () => number;
}

export const defaultRetry: RetryPolicy = {
  attempts: 3,
  baseMs: 500,
  maxMs: 10_000,
  askedMaxMs: 60_000,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: Math.random,
};

/** Nothing of the request can have reached the server: safe to repeat even what is not idempotent. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** The server refuses before doing anything with these, so that repeating is safe whatever the method. */
export const TRY_LATER_STATUSES: ReadonlySet<number> = new Set([429, 503]);

/** Pause before attempt `attempt` (2, 3, …) in ms: doubling, full jitter, never less than what the server asked for. */
export function pauseMs(policy: RetryPolicy, attempt: number, askedMs = 0): number {
  const ceiling = Math.min(policy.maxMs, policy.baseMs * 2 ** (attempt - 2));
  return Math.max(askedMs, Math.round(ceiling * policy.random()));
}

/** Runs `once` until it succeeds, fails for good or the attempts are used up; the last error is thrown. */
export async function withRetries<T>(policy: RetryPolicy, idempotent: boolean, once: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once();
    } catch (error) {
      const asked = askedPauseMs(error);
      if (attempt >= policy.attempts || asked > policy.askedMaxMs || !mayRepeat(error, idempotent)) throw error;
      await policy.sleep(pauseMs(policy, attempt + 1, asked));
    }
  }
}

function mayRepeat(error: unknown, idempotent: boolean): boolean {
  if (!(error instanceof ClientError)) return false;
  const { status, errno } = error.facts;
  if (typeof status === 'number' && TRY_LATER_STATUSES.has(status)) return true;
  if (typeof errno === 'string' && NEVER_CONNECTED.has(errno)) return true;
  return idempotent && error.kind === 'transient';
}

function askedPauseMs(error: unknown): number {
  const seconds = error instanceof ClientError ? error.facts.retryAfterS : undefined;
  return typeof seconds === 'number' ? seconds * 1_000 : 0;
}
