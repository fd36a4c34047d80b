import { Injectable } from '@nestjs/common';
import type { TaskStatus } from '@panda/domain';
import { Database } from '../kernel/database.js';
import * as sql from '../statements/task-claims.js';

/**
 * An agent that died is succeeded after this at the latest; the watchdog `unlock-stale` gives its claims up before and wakes others, so
 * that the fleet recovers within 30 s of a death. A living agent may miss two renewals. The original waits ten minutes because it never
 * renews a lock (panda-jedi:templates/panda_jedi.cfg.rpmnew.template@42f4bb41, lockInterval).
 */
export const CLAIM_STALE_S = 20;
const RENEW_EVERY_MS = 5_000;
/** A claim nobody gave up in ten minutes belongs to work that hangs: it is renewed no more, and others take the task over. */
const RENEW_AT_MOST = 120;

/** The next renewal of a claim, and the one that runs. */
interface Renewal {
  readonly timer: NodeJS.Timeout;
  running: Promise<unknown> | undefined;
}

/** Which agent works on which task. The claim's text is the fencing token: later writes under it repeat it. */
@Injectable()
export class TaskClaims {
  private readonly renewals = new Map<string, Renewal>();

  constructor(private readonly database: Database) {}

  /** Takes up to `limit` tasks in these states and keeps them until the release; `ids` limits the choice to announced tasks. */
  async take(request: {
    statuses: readonly TaskStatus[];
    ids?: readonly number[];
    claim: string;
    limit: number;
    staleS?: number;
    /** For tests: time between two renewals. */
    renewEveryMs?: number;
  }) {
    const { claim, ids } = request;
    const taken = await this.database.run(sql.claimTasks, {
      statuses: [...request.statuses],
      ids: ids ? [...ids] : null,
      claim,
      staleS: request.staleS ?? CLAIM_STALE_S,
      limit: request.limit,
    });
    const takenIds = taken.map(({ id }) => id);
    if (taken.length > 0) this.keep(claim, takenIds, request.renewEveryMs ?? RENEW_EVERY_MS);
    return taken;
  }

  /**
   * Those of the announced tasks that {@link take} passed over although their state is one of these: somebody worked on them. Whoever it was
   * may have let go since, and what the nudge told of may have come after its look, so they must be looked at again.
   */
  async missed(statuses: readonly TaskStatus[], ids: readonly number[], taken: readonly { id: number }[]): Promise<number[]> {
    const mine = new Set(taken.map(({ id }) => id));
    const rest = ids.filter((id) => !mine.has(id));
    if (rest.length === 0) return [];
    const rows = await this.database.run(sql.tasksInStates, { statuses: [...statuses], ids: rest });
    return rows.map(({ id }) => id);
  }

  /** Gives up what is still held under the claim: everything, or these tasks. */
  async release(claim: string, ids?: readonly number[]): Promise<void> {
    // A renewal under way holds the rows: whoever claims next would pass them over.
    if (!ids) await this.forget(claim);
    await this.database.run(sql.releaseTasks, { claim, ids: ids ? [...ids] : null });
  }

  /** The tasks that are still ours; their time runs anew. */
  async renew(claim: string, ids: readonly number[]): Promise<number[]> {
    const rows = await this.database.run(sql.renewClaim, { claim, ids: [...ids] });
    return rows.map(({ id }) => id);
  }

  /** A renewal that fails is left to the next one: writes under a claim that was lost meanwhile change nothing. */
  private keep(claim: string, ids: readonly number[], everyMs: number): void {
    this.forget(claim);
    let times = 0;
    const renewal: Renewal = { timer: setInterval(() => again(), everyMs), running: undefined };
    const again = (): void => {
      times += 1;
      if (times >= RENEW_AT_MOST) this.forget(claim);
      renewal.running ??= this.renew(claim, ids)
        .then(
          (held) => held.length === 0 && this.forget(claim),
          () => undefined,
        )
        .finally(() => {
          renewal.running = undefined;
        });
    };
    renewal.timer.unref();
    this.renewals.set(claim, renewal);
  }

  /** Renews no more; resolves when a renewal under way has ended. */
  private forget(claim: string): Promise<unknown> | undefined {
    const renewal = this.renewals.get(claim);
    clearInterval(renewal?.timer);
    this.renewals.delete(claim);
    return renewal?.running;
  }
}
