import { SystemClock } from '../process/system-clock.js';

/** A clock on which pauses of the given lengths pass at once, as if they had been waited for; all other sleeps are true. */
export class HastyClock extends SystemClock {
  /** Such pauses, in order. */
  readonly skipped: number[] = [];
  private aheadMs = 0;

  constructor(private readonly skip: readonly number[]) {
    super();
  }

  override elapsedMs(): number {
    return super.elapsedMs() + this.aheadMs;
  }

  override sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (!this.skip.includes(ms)) return super.sleep(ms, signal);
    this.skipped.push(ms);
    this.moveOn(ms);
    return Promise.resolve();
  }

  moveOn(ms: number): void {
    this.aheadMs += ms;
  }
}
