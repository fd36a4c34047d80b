import type { Clock } from '@panda/domain';

/** Wakes a loop that sleeps. A ring while nobody sleeps is not lost: the next wait returns at once. */
export class Bell {
  private rung = false;
  private sleeper: AbortController | undefined;

  constructor(private readonly clock: Clock) {}

  ring(): void {
    this.rung = true;
    this.sleeper?.abort();
  }

  /** Until the bell rings, `ms` are over, or `stop` aborts. */
  async wait(ms: number, stop: AbortSignal): Promise<void> {
    if (!this.rung) {
      this.sleeper = new AbortController();
      await this.clock.sleep(ms, AbortSignal.any([this.sleeper.signal, stop]));
      this.sleeper = undefined;
    }
    this.rung = false;
  }
}
