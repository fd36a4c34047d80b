import { type Database, fenceLease, releaseLease, renewLease, type Session } from '@panda/database';
import type { AgentRuntime } from '../agent/agent-runtime.js';

/** A write under a lease that somebody else has taken over: the transaction must roll back. */
export class LeaseLost extends Error {
  constructor(readonly lease: string) {
    super(`the lease '${lease}' is lost`);
    this.name = 'LeaseLost';
  }
}

interface Term {
  readonly name: string;
  readonly token: number;
  readonly ttlMs: number;
  /** Monotonic time before the lease was asked for: our view of its end is never later than the database's. */
  readonly since: number;
}

/** Part of the time to live after which a lease that could not be renewed counts as lost. */
const TRUSTED_PART = 0.9;

/**
 * A lease this process holds, renewed every third of its time to live. It counts as lost as soon as the process cannot
 * know that it still holds it, measured on its monotonic clock. Every transaction under it ends with {@link fence}.
 */
export class HeldLease {
  private readonly done = new AbortController();
  private readonly losing = new AbortController();
  private renewal: Promise<void> | undefined;

  private constructor(
    private readonly database: Database,
    private readonly runtime: AgentRuntime,
    private term: Term,
  ) {}

  static start(database: Database, runtime: AgentRuntime, term: Term): HeldLease {
    const lease = new HeldLease(database, runtime, term);
    lease.renewal = lease.keep();
    return lease;
  }

  get token(): number {
    return this.term.token;
  }

  /** Aborts when the lease is lost: all work under it stops. */
  get lost(): AbortSignal {
    return this.losing.signal;
  }

  /** The last statement of a transaction under this lease. Throws {@link LeaseLost}. */
  async fence(session: Session): Promise<void> {
    const { name, token } = this.term;
    const [row] = this.lost.aborted ? [] : await session.run(fenceLease, { name, token });
    if (!row) throw new LeaseLost(name);
  }

  /** Ends the lease; with `keepMs`, only that long after it was acquired (a period counted over the fleet). */
  async release(keepMs = 0): Promise<void> {
    this.done.abort();
    await this.renewal;
    if (this.lost.aborted) return;
    const { name, token } = this.term;
    await this.database.run(releaseLease, { name, token, keepMs });
  }

  private async keep(): Promise<void> {
    const { clock, log } = this.runtime;
    while (!this.done.signal.aborted && !this.lost.aborted) {
      await clock.sleep(this.term.ttlMs / 3, this.done.signal);
      if (this.done.signal.aborted) return;
      try {
        await this.renew();
      } catch (error) {
        log.warn('a lease could not be renewed', { lease: this.term.name, error });
      }
      if (clock.elapsedMs() - this.term.since > this.term.ttlMs * TRUSTED_PART) this.lose();
    }
  }

  private async renew(): Promise<void> {
    const { name, token, ttlMs } = this.term;
    const asked = this.runtime.clock.elapsedMs();
    const [row] = await this.database.run(renewLease, { name, token, ttlMs });
    if (row) this.term = { ...this.term, since: asked };
    else this.lose();
  }

  private lose(): void {
    this.runtime.log.warn('a lease is lost', { lease: this.term.name, token: this.term.token });
    this.losing.abort();
  }
}
