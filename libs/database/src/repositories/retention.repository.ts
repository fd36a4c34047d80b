import { Injectable } from '@nestjs/common';
import { pruneInbox } from '../inbox/inbox.js';
import { Database, type Session } from '../kernel/database.js';
import { pruneOutbox } from '../statements/outbox-relay.js';
import * as sql from '../statements/retention.js';
import { pruneVerdicts } from '../statements/verdicts.js';

const pruning = {
  idempotency: sql.pruneIdempotency,
  handouts: sql.pruneHandouts,
  register: sql.pruneRegister,
  audit: sql.pruneAudit,
  workers: sql.pruneWorkers,
  inbox: pruneInbox,
  outbox: pruneOutbox,
} as const;

/** Rows that are deleted when they are old. */
export type Expired = keyof typeof pruning | 'verdicts';

/** Newest verdicts of a task that are kept whatever their number. */
const VERDICTS_KEPT = 50;

/** What the database keeps, and for how long. Each call is one bounded transaction; `fence` ends it. */
@Injectable()
export class RetentionRepository {
  constructor(private readonly database: Database) {}

  /** Makes partitions that are due and drops those past their time; one line about each. */
  maintainPartitions(fence: (session: Session) => Promise<void>): Promise<string[]> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.run(sql.maintainPartitions, {});
      await fence(tx);
      return rows.map(({ done }) => done);
    });
  }

  /** Deletes up to `limit` rows older than `days`; returns how many went. */
  prune(what: Expired, days: number, limit: number, fence: (session: Session) => Promise<void>): Promise<number> {
    return this.database.transaction(async (tx) => {
      const gone =
        what === 'verdicts'
          ? await tx.run(pruneVerdicts, { days, keep: VERDICTS_KEPT, limit })
          : await tx.run(pruning[what], { days, limit });
      await fence(tx);
      return gone.length;
    });
  }
}
