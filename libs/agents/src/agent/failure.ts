import { isTransient } from '@panda/database';

/** How an error of a cycle, a script or a handler is treated: repeated soon, or reported and left to the next sweep. */
export type FailureKind = 'transient' | 'permanent';

/** Domain errors name their kind (`PandaError.kind`); for others the database's classifier decides. */
export function failureKind(error: unknown): FailureKind {
  if ((error as { kind?: unknown } | null)?.kind === 'transient') return 'transient';
  return isTransient(error) ? 'transient' : 'permanent';
}

/** Pause before try `n` (from 1) after failures in a row: doubles from 1 s to 30 s. Jitter is the caller's. */
export function backoffMs(n: number): number {
  return Math.min(30_000, 1_000 * 2 ** Math.min(n - 1, 5));
}
