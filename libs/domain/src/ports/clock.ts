/**
 * Time as the process sees it. Facts that are stored take the database's time instead (`panda_ops.utc_now()`).
 * An abstract class, so that it is its own injection token.
 */
export abstract class Clock {
  abstract now(): Date;
  /** Milliseconds of a source that never jumps; only differences have a meaning. */
  abstract elapsedMs(): number;
  /** Resolves after `ms`, or at once when `signal` aborts: callers look at their signal, an early end is no error. */
  abstract sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
