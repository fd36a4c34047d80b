import { Clock } from '@panda/domain';

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** A clock that stands still until the test moves it. */
export class FakeClock extends Clock {
  private atMs: number;
  private readonly fromMs: number;
  private sleepers: Sleeper[] = [];
  private watchers: { readonly count: number; readonly seen: () => void }[] = [];

  constructor(start: string | Date = '2021-11-22T12:00:00Z') {
    super();
    this.fromMs = new Date(start).getTime();
    this.atMs = this.fromMs;
  }

  now(): Date {
    return new Date(this.atMs);
  }

  elapsedMs(): number {
    return this.atMs - this.fromMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted || ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper = { dueMs: this.atMs + ms, wake: () => end() };
      const end = (): void => {
        this.sleepers = this.sleepers.filter((other) => other !== sleeper);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      signal?.addEventListener('abort', end, { once: true });
      this.sleepers.push(sleeper);
      for (const { count, seen } of this.watchers) if (this.sleepers.length >= count) seen();
    });
  }

  /** Moves time, waking sleepers in the order of their times; what they do at once is done when this resolves. */
  async advance(ms: number): Promise<void> {
    await settled();
    const target = this.atMs + ms;
    for (;;) {
      const next = this.sleepers.filter((s) => s.dueMs <= target).sort((a, b) => a.dueMs - b.dueMs)[0];
      if (!next) break;
      this.atMs = Math.max(this.atMs, next.dueMs);
      next.wake();
      await settled();
    }
    this.atMs = target;
    await settled();
  }

  /** How long each sleeper still sleeps, shortest first. */
  get sleeping(): number[] {
    return this.sleepers.map((s) => s.dueMs - this.atMs).sort((a, b) => a - b);
  }

  /** Resolves when at least `count` sleepers wait: the code under test has come to rest. */
  whenSleeping(count: number): Promise<void> {
    if (this.sleepers.length >= count) return Promise.resolve();
    return new Promise((resolve) => {
      this.watchers.push({ count, seen: resolve });
    });
  }
}

/** Lets everything run that needs no more than the event loop's next turn. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
