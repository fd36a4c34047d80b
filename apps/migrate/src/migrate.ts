import { ConfigError, changedKeys } from '@panda/config';
import { databaseKeys, isTransient, type MigrationReport, migrate } from '@panda/database';
import type { Clock } from '@panda/domain';
import { SystemClock } from '@panda/runtime';
import { migrateKeys } from './migrate.config.js';

/** Pause between tries to reach the server. */
const PAUSE_MS = 500;

export interface MigrateOptions {
  readonly url: string;
  /** How long to wait for a server that does not answer yet, ms. */
  readonly wait: number;
}

type Write = (line: string) => void;

const toStdout: Write = (line) => void process.stdout.write(`${line}\n`);

/** Brings the schema up to date and says what was done. Returns the exit code: 0 done, 1 configuration refused, 2 failed. */
export async function migrateOnce(write: Write = toStdout, clock: Clock = new SystemClock()): Promise<number> {
  try {
    return await run({ url: databaseKeys.read().url, wait: migrateKeys.read().wait }, write, clock);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    write(error.message);
    return 1;
  }
}

/** The same for given options. */
export async function run(options: MigrateOptions, write: Write, clock: Clock): Promise<number> {
  try {
    const { applied, partitions } = await patiently(options, clock);
    for (const name of applied) write(`applied ${name}`);
    for (const done of partitions) write(done);
    write(applied.length === 0 ? 'the schema is up to date' : `${applied.length} migration(s) applied`);
    return 0;
  } catch (error) {
    write(`migration of ${changedKeys().DATABASE_URL ?? 'the database'} failed: ${(error as Error).message}`);
    return 2;
  }
}

/** Services start in any order: the server may come up after us. Anything else than "not there yet" is final. */
async function patiently({ url, wait }: MigrateOptions, clock: Clock): Promise<MigrationReport> {
  const from = clock.elapsedMs();
  for (;;) {
    try {
      return await migrate(url);
    } catch (error) {
      if (!isTransient(error) || clock.elapsedMs() - from >= wait) throw error;
      await clock.sleep(PAUSE_MS);
    }
  }
}
