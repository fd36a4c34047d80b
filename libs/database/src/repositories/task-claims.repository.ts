import { Injectable } from '@nestjs/common';
import type { TaskStatus } from '@panda/domain';
import { Database } from '../kernel/database.js';
import * as sql from '../statements/task-claims.js';

/** An agent that died is succeeded after this. panda-jedi:templates/panda_jedi.cfg.rpmnew.template@42f4bb41 (lockInterval 10 min). */
export const CLAIM_STALE_S = 600;

/** Which agent works on which task. The claim's text is the fencing token: later writes under it repeat it. */
@Injectable()
export class TaskClaims {
  constructor(private readonly database: Database) {}

  /** Takes up to `limit` tasks in these states; `ids` limits the choice to announced tasks. */
  take(request: { statuses: readonly TaskStatus[]; ids?: readonly number[]; claim: string; limit: number; staleS?: number }) {
    return this.database.run(sql.claimTasks, {
      statuses: [...request.statuses],
      ids: request.ids ? [...request.ids] : null,
      claim: request.claim,
      staleS: request.staleS ?? CLAIM_STALE_S,
      limit: request.limit,
    });
  }

  /** Gives up what is still held under the claim: everything, or these tasks. */
  async release(claim: string, ids?: readonly number[]): Promise<void> {
    await this.database.run(sql.releaseTasks, { claim, ids: ids ? [...ids] : null });
  }

  /** The tasks that are still ours; their time runs anew. */
  async renew(claim: string, ids: readonly number[]): Promise<number[]> {
    const rows = await this.database.run(sql.renewClaim, { claim, ids: [...ids] });
    return rows.map(({ id }) => id);
  }
}
