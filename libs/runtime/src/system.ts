import { performance } from 'node:perf_hooks';
import { Clock, Ids, Random } from '@panda/domain';
import { v7 } from 'uuid';

/** The clock of the machine. */
export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }

  elapsedMs(): number {
    return performance.now();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done, { once: true });
    });
  }
}

/** UUIDs of version 7: sorted by their time, so that index pages fill up in order. */
export class UuidV7 extends Ids {
  next(): string {
    return v7();
  }
}

/** Randomness for jitter and weighted choices; never for secrets. */
export class SystemRandom extends Random {
  next(): number {
    return Math.random();
  }
}
