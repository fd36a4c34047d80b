/** Pause before try `n` (from 1) after failures in a row: doubles from 1 s to 30 s. Jitter is the caller's. */
export function backoffMs(n: number): number {
  return Math.min(30_000, 1_000 * 2 ** Math.min(n - 1, 5));
}
