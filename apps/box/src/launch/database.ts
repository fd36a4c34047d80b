import { type Cluster, startCluster } from '@panda/local-postgres';
import pg from 'pg';
import { fallbackPostgresDir, type Layout } from './layout.js';

export interface BoxDatabase {
  readonly url: string;
  /** For the user: which server, and where its data is. */
  readonly description: string;
  stop(): Promise<void>;
}

const DATABASE = 'panda';

/** A cluster of the box's own: durable, on this machine only, kept in the box's folder. */
export async function ownDatabase(layout: Layout): Promise<BoxDatabase> {
  const { cluster, dir } = await startReachable(layout);
  await createDatabase(cluster.url('postgres'), DATABASE);
  const { origin, version } = cluster.binaries;
  return { url: cluster.url(DATABASE), description: `PostgreSQL ${version} (${origin}) in ${dir}`, stop: () => cluster.stop() };
}

/** A database on a server that is there already: the URL names it, it is created when missing. */
export async function givenDatabase(url: string): Promise<BoxDatabase> {
  const server = new URL(url);
  const name = decodeURIComponent(server.pathname.slice(1)) || DATABASE;
  server.pathname = '/postgres';
  await createDatabase(server.href, name);
  server.pathname = `/${name}`;
  return { url: server.href, description: `PostgreSQL at ${server.host}, database ${name}`, stop: async () => undefined };
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

async function createDatabase(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    const known = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (known.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}
