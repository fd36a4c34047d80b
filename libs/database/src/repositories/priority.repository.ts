import { Injectable } from '@nestjs/common';
import { jobStatus, type PriorityAccount } from '@panda/domain';
import { Database, type Session } from '../kernel/database.js';
import { countActiveJobs, raisePriorities, type WaitingPriorityRow, waitingPriorities } from '../statements/priorities.js';

/** Labels of jobs that stand in the line of an account; builds do not. */
const LABELS = ['user'];
/** States in which a job still waits for its pilot. */
const WAITING = [
  jobStatus.waiting,
  jobStatus.pending,
  jobStatus.defined,
  jobStatus.assigned,
  jobStatus.activated,
  jobStatus.throttled,
];
/** An account with more active jobs than this counts as one with as many: its jobs are behind all others anyway. */
const COUNTED_MOST = 20_000;

/** Priorities of users' jobs. */
@Injectable()
export class PriorityRepository {
  constructor(private readonly database: Database) {}

  /** Active jobs of the account that pays. */
  async activeJobs(account: PriorityAccount): Promise<number> {
    const [row] = await this.database.run(countActiveJobs, { ...account, labels: LABELS, most: COUNTED_MOST });
    return row?.jobs ?? 0;
  }

  /** The next jobs that wait below the priority `start`. */
  waiting(start: number, after: number, limit: number): Promise<WaitingPriorityRow[]> {
    return this.database.run(waitingPriorities, { labels: LABELS, waiting: WAITING, start, after, limit });
  }

  /** Returns how many were raised. `fence` ends the transaction of a writer under a lease. */
  raise(jobs: readonly { id: number; priority: number }[], fence: (session: Session) => Promise<void>): Promise<number> {
    return this.database.transaction(async (tx) => {
      const raised = await tx.run(raisePriorities, {
        ids: jobs.map(({ id }) => id),
        priorities: jobs.map(({ priority }) => priority),
        waiting: WAITING,
      });
      await fence(tx);
      return raised.length;
    });
  }
}
