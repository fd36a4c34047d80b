import type { Clock } from '@panda/domain';
import type { Session } from '../kernel/database.js';
import type { Statement } from '../kernel/statement.js';
import { readResourceTypes, readRetryRules, readShares, readWorkQueues } from '../statements/configuration.js';
import { readPilotActivity } from '../statements/queue-load.js';
import { readClouds, readEndpoints, readQueues, readRelations, readSites, readSoftwareTags } from '../statements/topology.js';

/** An operator's SQL change takes effect within a minute; half of it leaves room for the cycle that uses it. */
const FRESH_FOR_MS = 30_000;

interface Entry {
  readonly at: number;
  readonly rows: Promise<readonly unknown[]>;
}

/**
 * The tables operators edit by SQL, read at most twice a minute and shared by all callers of the process. Rows are
 * snapshots: nobody may change them. A failed read is not kept.
 */
export class OperatorTables {
  private readonly cache = new Map<string, Entry>();

  constructor(
    private readonly session: Session,
    private readonly clock: Pick<Clock, 'elapsedMs'>,
    private readonly freshForMs = FRESH_FOR_MS,
  ) {}

  shares = () => this.fresh(readShares);
  workQueues = () => this.fresh(readWorkQueues);
  resourceTypes = () => this.fresh(readResourceTypes);
  retryRules = () => this.fresh(readRetryRules);
  queues = () => this.fresh(readQueues);
  sites = () => this.fresh(readSites);
  endpoints = () => this.fresh(readEndpoints);
  relations = () => this.fresh(readRelations);
  clouds = () => this.fresh(readClouds);
  softwareTags = () => this.fresh(readSoftwareTags);
  /** Not edited, but it changes as slowly. */
  pilotActivity = () => this.fresh(readPilotActivity);

  /** Forgets everything, for the writer of such a table. */
  forget(): void {
    this.cache.clear();
  }

  private fresh<R>(source: Statement<object, R>): Promise<readonly R[]> {
    const now = this.clock.elapsedMs();
    const known = this.cache.get(source.name);
    if (known && now - known.at < this.freshForMs) return known.rows as Promise<readonly R[]>;
    const rows = this.session.run(source, {});
    this.cache.set(source.name, { at: now, rows });
    rows.catch(() => {
      if (this.cache.get(source.name)?.rows === rows) this.cache.delete(source.name);
    });
    return rows;
  }
}
