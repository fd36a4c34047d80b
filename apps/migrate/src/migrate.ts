import { ConfigError, changedKeys } from '@panda/config';
import { databaseKeys, migrate } from '@panda/database';

/** Brings the schema up to date and says what was done. Returns the exit code of the process: 0 done, 1 refused, 2 failed. */
export async function migrateOnce(write: (line: string) => void = (line) => process.stdout.write(`${line}\n`)): Promise<number> {
  try {
    const { url } = databaseKeys.read();
    const { applied, partitions } = await migrate(url);
    for (const name of applied) write(`applied ${name}`);
    for (const done of partitions) write(done);
    write(applied.length === 0 ? 'the schema is up to date' : `${applied.length} migration(s) applied`);
    return 0;
  } catch (error) {
    if (error instanceof ConfigError) {
      write(error.message);
      return 1;
    }
    write(`migration of ${changedKeys().DATABASE_URL ?? 'the default database'} failed: ${(error as Error).message}`);
    return 2;
  }
}
