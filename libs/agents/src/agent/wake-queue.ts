/** Why a cycle runs: ids that were announced, or a sweep that looks at everything. */
export interface Wake {
  readonly ids: readonly number[];
  readonly sweep: boolean;
}

/** A cycle that looks at everything. */
export const SWEEP: Wake = { ids: [], sweep: true };

/** More announced ids than this say no more than "look at everything". */
const IDS_MAX = 100_000;

/**
 * What waits for an agent. Ids are coalesced: a task announced ten times during a cycle is looked at once after it.
 * In memory only: the database is the truth, and the sweep finds what is lost with the process.
 */
export class WakeQueue {
  private readonly ids = new Set<number>();
  private sweep = false;
  private waiting: (() => void)[] = [];

  add(wake: Wake): void {
    for (const id of wake.ids) this.ids.add(id);
    if (this.ids.size > IDS_MAX) {
      this.ids.clear();
      this.sweep = true;
    }
    if (wake.sweep) this.sweep = true;
    if (this.size > 0) this.notify();
  }

  /** Ids and sweeps that wait. */
  get size(): number {
    return this.ids.size + (this.sweep ? 1 : 0);
  }

  /** The next thing to do: announced ids first, at most `max` of them; undefined when nothing waits. */
  take(max: number): Wake | undefined {
    if (this.ids.size > 0) {
      const ids: number[] = [];
      for (const id of this.ids) {
        if (ids.length === max) break;
        ids.push(id);
      }
      for (const id of ids) this.ids.delete(id);
      return { ids, sweep: false };
    }
    if (!this.sweep) return undefined;
    this.sweep = false;
    return SWEEP;
  }

  /** Resolves when something waits, or when `signal` aborts. */
  filled(signal: AbortSignal): Promise<void> {
    if (this.size > 0 || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        resolve();
      };
      signal.addEventListener('abort', done, { once: true });
      this.waiting.push(done);
    });
  }

  private notify(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const wake of waiting) wake();
  }
}
