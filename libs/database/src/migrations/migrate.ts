import pg from 'pg';
import { DataSource } from 'typeorm';
import { migrations } from './index.js';

/** Any constant will do; it keeps migrators of all versions apart. */
const MIGRATION_LOCK = 7_263_411;
/** A statement that waits longer for a table would hold up everybody behind it; we step back and try again. TX7. */
const LOCK_TIMEOUT_MS = 3_000;
const LOCK_TRIES = 20;
const LOCK_NOT_AVAILABLE = '55P03';

export interface MigrationReport {
  /** Migrations run now, oldest first; empty when the schema was up to date. */
  readonly applied: readonly string[];
  /** What partition maintenance added or dropped. */
  readonly partitions: readonly string[];
}

/**
 * Brings the schema of `url` up to date. Safe to run twice, and at once from several processes: an advisory lock makes the
 * others wait, and then find nothing to do. Each migration is a transaction of its own.
 */
export async function migrate(url: string): Promise<MigrationReport> {
  const guard = new pg.Client({ connectionString: url, application_name: 'migrate' });
  await guard.connect();
  try {
    await guard.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await guard.query('CREATE SCHEMA IF NOT EXISTS panda_ops');
    const applied = await patiently(() => runPending(url));
    const { rows } = await guard.query<{ done: string }>('SELECT done FROM panda_ops.maintain_partitions() AS done');
    return { applied, partitions: applied.length > 0 ? [] : rows.map((row) => row.done) };
  } finally {
    await guard.end(); // ends the session, and the lock with it
  }
}

async function runPending(url: string): Promise<string[]> {
  const source = new DataSource({
    type: 'postgres',
    url,
    schema: 'panda_ops',
    migrations,
    migrationsTableName: 'schema_migration',
    applicationName: 'migrate',
    extra: { max: 1, options: `-c timezone=UTC -c lock_timeout=${LOCK_TIMEOUT_MS}` },
  });
  await source.initialize();
  try {
    return (await source.runMigrations({ transaction: 'each' })).map((migration) => migration.name);
  } finally {
    await source.destroy();
  }
}

async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= LOCK_TRIES || (error as { code?: unknown }).code !== LOCK_NOT_AVAILABLE) throw error;
    }
  }
}
