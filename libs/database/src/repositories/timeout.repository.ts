import { Injectable } from '@nestjs/common';
import type { Actor } from '@panda/domain';
import { endJobs } from '../jobs/follow-up.js';
import type { JobOutcome, Settlement } from '../jobs/settlement.js';
import { applyRetry, type TaskNeeds } from '../jobs/task-needs.js';
import { Database, type Session } from '../kernel/database.js';
import { jsonParam } from '../kernel/text.js';
import { countLiveJobs, lastStarts, timedJobs } from '../statements/timed-jobs.js';

const ACTOR: Actor = 'daemon';

export interface TimedJobsPage {
  /** Shortest limits by state. */
  readonly floors: readonly { readonly status: string; readonly idleS: number | null; readonly longS: number | null }[];
  /** The last PandaID already seen. */
  readonly after: number;
  /** States of a worker that has ended. */
  readonly endedWorkers: readonly string[];
  /** How far back the activity of accounts is looked for, s; null = nobody asks. */
  readonly accountIdleS: number | null;
  readonly limit: number;
}

/** The database side of time-outs: a look that only finds, and an end that holds only if nothing happened since. */
@Injectable()
export class TimeoutRepository {
  constructor(private readonly database: Database) {}

  look({ floors, after, endedWorkers, accountIdleS, limit }: TimedJobsPage) {
    const rows = floors.map(({ status, idleS, longS }) => ({ status, idles: idleS, longs: longS }));
    return this.database.run(timedJobs, {
      floors: jsonParam(rows),
      after,
      endedWorkers: [...endedWorkers],
      accountIdleS,
      limit,
    });
  }

  async lastStarts(hours: number): Promise<Map<string, Date>> {
    const rows = await this.database.run(lastStarts, { hours });
    return new Map(rows.map(({ queue, lastStart }) => [queue, lastStart]));
  }

  async count(statuses: readonly string[]): Promise<number> {
    const [row] = await this.database.run(countLiveJobs, { statuses: [...statuses] });
    return row?.n ?? 0;
  }

  /** Ends jobs in one transaction, which `fence` ends. Outcomes with `idleS` hold only for jobs that stayed silent (D6). */
  end(
    outcomes: readonly JobOutcome[],
    needs: readonly TaskNeeds[],
    fence: (session: Session) => Promise<void>,
  ): Promise<Settlement> {
    return this.database.transaction(async (tx) => {
      const settlement = await endJobs(tx, ACTOR, outcomes);
      await applyRetry(tx, needs);
      await fence(tx);
      return settlement;
    });
  }
}
