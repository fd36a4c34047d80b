import { Injectable } from '@nestjs/common';
import { topics } from '@panda/contracts';
import type { Actor } from '@panda/domain';
import { followUp } from '../jobs/follow-up.js';
import { holdForMerge, type JobOutcome, type OutputOutcome, type Settlement, settle } from '../jobs/settlement.js';
import { applyRetry, type TaskNeeds } from '../jobs/task-needs.js';
import { Database } from '../kernel/database.js';
import { nudge } from '../outbox/nudge.js';
import * as sql from '../statements/adder.js';

const ACTOR: Actor = 'daemon';
/** A settlement rarely takes a second; a lock this old belongs to an adder that died. With the sweep, its reports wait 30 s at most. */
const STALE_S = 10;

/** What one batch of a task's jobs comes to. */
export interface TaskBatch {
  readonly jediTaskId: number | null;
  readonly outcomes: readonly JobOutcome[];
  /** Jobs whose outputs are merged before they count. */
  readonly merging: readonly { readonly pandaId: number; readonly outputs: readonly OutputOutcome[] }[];
  /** What the retry rules decided about its failed jobs. */
  readonly needs?: readonly TaskNeeds[];
}

/** The database side of the adder: a batch of jobs of one task is settled in one transaction, with all that follows. */
@Injectable()
export class AdderRepository {
  constructor(private readonly database: Database) {}

  claim(claim: string, ids: readonly number[] | null, limit: number) {
    return this.database.run(sql.claimReports, { ids: ids && [...ids], claim, staleS: STALE_S, limit });
  }

  async release(claim: string): Promise<void> {
    await this.database.run(sql.releaseReports, { claim });
  }

  /** The jobs of the claimed reports; reports of jobs that ended meanwhile are dropped. */
  async look(claim: string): Promise<sql.ReportedJobRow[]> {
    await this.database.run(sql.dropStaleReports, { claim });
    return this.database.run(sql.reportedJobs, { claim });
  }

  settle(batch: TaskBatch): Promise<Settlement> {
    return this.database.transaction(async (tx) => {
      await holdForMerge(tx, ACTOR, batch.merging);
      const settlement = await settle(tx, ACTOR, batch.outcomes);
      const delivers = batch.jediTaskId === null ? {} : { delivers: { jediTaskId: batch.jediTaskId, outcomes: batch.outcomes } };
      await applyRetry(tx, batch.needs ?? []);
      await followUp(tx, settlement, delivers);
      if (batch.merging.length > 0 && batch.jediTaskId !== null) {
        await nudge(tx, topics.taskProgressed, [batch.jediTaskId]);
        await nudge(tx, topics.taskReady, [batch.jediTaskId]);
      }
      return settlement;
    });
  }
}
