import { Injectable } from '@nestjs/common';
import { jobStatus, type KillCode, type QueuedShare } from '@panda/domain';
import { killJobs } from '../jobs/kill.js';
import { Database, type Session } from '../kernel/database.js';
import { oldestQueued, queuedShares } from '../statements/rebrokerage.js';

const QUEUED = [jobStatus.defined, jobStatus.assigned, jobStatus.activated, jobStatus.starting];
const RUNNING = [jobStatus.running, jobStatus.stagein, jobStatus.stageout];
const FAST_REBROKERAGE: KillCode = 10;
/** Jobs ended by one transaction. */
const CHUNK = 500;

/** Jobs that pile up at a queue, and their end there. */
@Injectable()
export class RebrokerageRepository {
  constructor(private readonly database: Database) {}

  queuedShares(): Promise<QueuedShare[]> {
    return this.database.run(queuedShares, { queued: QUEUED, running: RUNNING });
  }

  /** Closes the oldest `jobs` of a share at a queue; their input gets another attempt, elsewhere. Returns how many. */
  async takeAway(
    place: { readonly queue: string; readonly gshare: string },
    jobs: number,
    fence: (session: Session) => Promise<void>,
  ): Promise<number> {
    const ids = await this.database.run(oldestQueued, { ...place, queued: QUEUED, limit: jobs });
    let ended = 0;
    for (let from = 0; from < ids.length; from += CHUNK) {
      ended += await this.database.transaction(async (tx) => {
        const killed = await killJobs(tx, {
          ids: ids.slice(from, from + CHUNK).map(({ pandaId }) => pandaId),
          code: FAST_REBROKERAGE,
          actor: 'daemon',
          diag: `too many jobs of ${place.gshare} are queued at ${place.queue}`,
          allows: ({ jobstatus }) => QUEUED.some((status) => status === jobstatus),
        });
        await fence(tx);
        return killed.ended.length;
      });
    }
    return ended;
  }
}
