import { type Cluster, startCluster } from '@panda/local-postgres';
import pg from 'pg';
import { fallbackPostgresDir, type Layout } from './layout.js';

export interface BoxDatabase {
  readonly url: string;
  /** For the user: which server, and where its data is. */
  readonly description: string;
  stop(): Promise<void>;
}

/** Name of the fleet's database where nothing else is said. */
export const DATABASE = 'panda';

/** A cluster of the box's own: durable, on this machine only, kept in the box's folder. */
export async function ownDatabase(layout: Layout): Promise<BoxDatabase> {
  const { cluster, dir } = await startReachable(layout);
  await createDatabase(cluster.url('postgres'), DATABASE);
  const { origin, version } = cluster.binaries;
  return { url: cluster.url(DATABASE), description: `PostgreSQL ${version} (${origin}) in ${dir}`, stop: () => cluster.stop() };
}

async function startReachable(layout: Layout): Promise<{ cluster: Cluster; dir: string }> {
  const dirs = [layout.postgres, fallbackPostgresDir(layout.root)];
  let problem: unknown;
  for (const dir of dirs) {
    try {
      return { cluster: await startCluster({ dataDir: dir, durable: true, maxConnections: 200 }), dir };
    } catch (error) {
      // Run as root below a private home, the server's own user cannot enter the folder: then it goes beside it.
      if (!(error as Error).message.includes('cannot enter')) throw error;
      problem = error;
    }
  }
  throw problem;
}

/** Creates a database unless it is there; `url` leads to another database of the same server. */
export async function createDatabase(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    const known = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (known.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}
