import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkSchema, DedicatedSession, migrate, migrationNames, SchemaTooOld, statement, tryRelayLock } from '@panda/database';
import { pg, type TestDatabase } from '@panda/testing';

const countMigrations = statement<object, { n: number }>(
  'test.countMigrations',
  'SELECT count(*) AS n FROM panda_ops.schema_migration',
);
const forgetLast = statement<{ name: string }>(
  'test.forgetMigration',
  'DELETE FROM panda_ops.schema_migration WHERE name = $name',
);

describe('migrations', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await pg();
  }, 60_000);
  afterAll(() => db.close());

  it('change nothing when they run a second time', async () => {
    expect((await migrate(db.url)).applied).toEqual([]);
    expect(await db.database.run(countMigrations, {})).toEqual([{ n: migrationNames.length }]);
  });

  it('are safe when several processes run them at once', async () => {
    const reports = await Promise.all([migrate(db.url), migrate(db.url), migrate(db.url)]);
    expect(reports.flatMap((report) => report.applied)).toEqual([]);
  });

  it('run beside a running system: the relay of events does not hold their lock', async () => {
    const relay = await DedicatedSession.open(db.database);
    try {
      expect(await relay.run(tryRelayLock, {})).toEqual([{ held: true }]);
      expect((await migrate(db.url)).applied).toEqual([]);
    } finally {
      await relay.close();
    }
  }, 10_000);

  it('are checked at boot: a schema that lacks one is refused with both versions', async () => {
    await checkSchema(db.database);
    const last = migrationNames.at(-1) ?? '';
    await db.database.run(forgetLast, { name: last });
    await expect(checkSchema(db.database)).rejects.toThrow(SchemaTooOld);
    await expect(checkSchema(db.database)).rejects.toThrow(last);
  });
});
