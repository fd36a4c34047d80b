import { Database } from '../kernel/database.js';
import * as sql from '../statements/site-registration.js';

export interface NewSite {
  readonly site: string;
  readonly endpoint: { readonly name: string; readonly baseUrl: string; readonly spaceGb: number };
  /** Harvester instance that provisions the queue. */
  readonly harvester: string;
  /** Communities (VOs) whose tasks the site takes, beside `wlcg`. */
  readonly communities?: readonly string[];
  readonly queue: { readonly name: string; readonly data: Readonly<Record<string, unknown>> };
}

/** Registers a site; registering it again brings its rows up to date. */
export class SiteRepository {
  constructor(private readonly database: Database) {}

  async register({ site, endpoint, harvester, communities = [], queue }: NewSite): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.run(sql.registerSite, { site });
      await tx.run(sql.registerHarvester, { harvester, description: `provisions ${queue.name}` });
      await tx.run(sql.registerEndpoint, { site, endpoint: endpoint.name, baseUrl: endpoint.baseUrl, spaceGb: endpoint.spaceGb });
      await tx.run(sql.serveCommunities, { communities: [...communities] });
      await tx.run(sql.registerQueue, { site, endpoint: endpoint.name, queue: queue.name, data: JSON.stringify(queue.data) });
    });
  }
}
