import { randomBytes } from 'node:crypto';
import { Database, migrate, migrationFiles, migrationsHash, openPool } from '@panda/database';
import pgDriver from 'pg';
import { findServer, type TestServer } from './server.js';

export interface TestDatabase {
  readonly url: string;
  readonly database: Database;
  /** Ends the pool; the database is dropped in the background. */
  close(): Promise<void>;
}

const TEMPLATE_LOCK = 7_263_412;
/** Databases of runs that were killed are dropped after this. */
const STALE_AFTER_S = 2 * 3600;

let server: Promise<TestServer> | undefined;

/**
 * A fresh, migrated database of its own (0.1–0.3 s: a copy of a template that is made once per state of the migrations).
 * `const db = await pg(); … await db.close()`. With `max` connections in its pool (default 8).
 */
export async function pg(options: { max?: number } = {}): Promise<TestDatabase> {
  server ??= findServer().then(prepare);
  const found = await server;
  const name = `panda_test_${Math.floor(Date.now() / 1000)}_${randomBytes(4).toString('hex')}`;
  await onServer(found, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${templateName()} STRATEGY wal_log`));
  const url = found.url(name);
  const database = new Database(openPool(poolSettings(url, options.max ?? 8)));
  return {
    url,
    database,
    close: async () => {
      await database.close();
      await dropLater(found, name);
    },
  };
}

function poolSettings(url: string, max: number): Parameters<typeof openPool>[0] {
  return { url, max, applicationName: 'test', statementTimeoutMs: 30_000, lockTimeoutMs: 10_000, idleInTransactionMs: 60_000 };
}

function templateName(): string {
  return `panda_template_${migrationsHash(migrationFiles)}`;
}

/** Makes the template unless it is there. Test files run in several processes: a lock lets one make it. */
async function prepare(found: TestServer): Promise<TestServer> {
  const name = templateName();
  await onServer(found, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    await dropStale(client);
    if (await exists(client, name)) return;
    process.stderr.write(`test databases: ${found.origin}, new template ${name}\n`);
    const building = `${name}_building`;
    await client.query(`DROP DATABASE IF EXISTS ${building} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${building}`);
    await migrate(found.url(building));
    await client.query(`ALTER DATABASE ${building} RENAME TO ${name}`);
  });
  return found;
}

async function exists(client: pgDriver.Client, name: string): Promise<boolean> {
  return (await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])).rowCount === 1;
}

/**
 * Asks for the drop and does not wait: a drop waits for a checkpoint of the whole server. The socket does not keep the process
 * alive, and the server finishes what it was asked. What a killed process leaves, dropStale removes.
 */
async function dropLater(found: TestServer, name: string): Promise<void> {
  const client = new pgDriver.Client({ connectionString: found.url('postgres'), application_name: 'test' });
  client.on('error', () => undefined);
  await client.connect();
  (client as pgDriver.Client & { unref(): void }).unref(); // missing in the published types
  client
    .query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    .then(() => client.end())
    .catch(() => undefined);
}

async function dropStale(client: pgDriver.Client): Promise<void> {
  const { rows } = await client.query<{ datname: string }>(
    `SELECT datname FROM pg_database d WHERE datname ~ '^panda_test_[0-9]+_'
       AND split_part(datname, '_', 3)::bigint < extract(epoch FROM now()) - $1
       AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = d.datname)`,
    [STALE_AFTER_S],
  );
  for (const { datname } of rows) await client.query(`DROP DATABASE IF EXISTS ${datname}`);
}

async function onServer(found: TestServer, work: (client: pgDriver.Client) => Promise<unknown>): Promise<void> {
  const client = new pgDriver.Client({ connectionString: found.url('postgres'), application_name: 'test' });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
