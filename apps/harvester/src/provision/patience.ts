const LONGEST_MS = 60_000;

/**
 * Jobs may wait that no worker of a queue can take: of another label, or larger than its slots. Workers then end without a job, and each
 * time the next ones wait longer, until the number of waiting jobs grows or falls to none, or a worker finds one after all.
 */
export class Patience {
  private fruitless = 0;
  private startedMs = 0;
  private waiting = 0;

  constructor(private readonly firstMs: number) {}

  /** The queue's waiting jobs as the server just counted them. */
  saw(activated: number): void {
    if (activated === 0 || activated > this.waiting) this.fruitless = 0;
    this.waiting = activated;
  }

  mayStart(nowMs: number): boolean {
    if (this.fruitless === 0) return true;
    return nowMs - this.startedMs >= Math.min(LONGEST_MS, this.firstMs * 2 ** this.fruitless);
  }

  started(nowMs: number): void {
    this.startedMs = nowMs;
  }

  /** A worker ended: did it find a job? */
  ended(foundJob: boolean): void {
    this.fruitless = foundJob ? 0 : this.fruitless + 1;
  }
}
