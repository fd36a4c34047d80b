import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database, openPool, statement } from '@panda/database';
import { pg, type TestDatabase } from '@panda/testing';

const sleep = statement<{ s: number }, object>('test.sleep', 'select pg_sleep($s::float8)');
const types = statement<object, Record<string, unknown>>(
  'test.types',
  `select 9007199254740991::bigint as big, array[1, null]::bigint[] as ids, 1.5::numeric as n, timestamp '2026-01-02 03:04:05' as at, null::bigint as none`,
);
const tooBig = statement<object, object>('test.tooBig', 'select 9007199254740993::bigint as n');
const takeLock = statement<{ id: number }, object>('test.takeLock', 'select pg_advisory_xact_lock($id::bigint)');
const bump = statement<{ name: string }, { token: number }>(
  'test.bump',
  'update panda_ops.lease set token = token + 1 where name = $name returning token',
);
const makeLease = statement<{ name: string }, object>(
  'test.makeLease',
  `insert into panda_ops.lease (name, holder, token, acquired_at, expires_at) values ($name, 'h', 1, now(), now())`,
);

describe('the database', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await pg();
  }, 60_000);
  afterAll(() => db.close());

  const open = (statementTimeoutMs: number) =>
    new Database(
      openPool({
        url: db.url,
        max: 1,
        applicationName: 'test',
        statementTimeoutMs,
        lockTimeoutMs: 1_000,
        idleInTransactionMs: 60_000,
      }),
    );

  it('DB-04 cuts a statement that runs longer than the limit', async () => {
    const impatient = open(100);
    await expect(impatient.run(sleep, { s: 5 })).rejects.toThrow(/statement timeout/);
    await impatient.close();
  });

  it('reads bigints as numbers, refuses to round them, and reads times without zone as UTC', async () => {
    const [row] = await db.database.run(types, {});
    expect(row).toEqual({ big: 9007199254740991, ids: [1, null], n: 1.5, at: new Date('2026-01-02T03:04:05Z'), none: null });
    await expect(db.database.run(tooBig, {})).rejects.toThrow(/does not fit/);
  });

  it('says which parameter of which statement is missing', async () => {
    await expect(db.database.run(sleep, {} as { s: number })).rejects.toThrow("statement 'test.sleep': parameter 's' is missing");
  });

  it('runs hooks after COMMIT only, and not after a rollback', async () => {
    const seen: string[] = [];
    await db.database.transaction(async (tx) => {
      tx.afterCommit(() => seen.push('committed'));
      expect(seen).toEqual([]);
    });
    const failing = db.database.transaction(async (tx) => {
      tx.afterCommit(() => seen.push('rolled back'));
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(seen).toEqual(['committed']);
  });

  it('repeats a transaction that lost a deadlock', async () => {
    await db.database.run(makeLease, { name: 'a' });
    await db.database.run(makeLease, { name: 'b' });
    let attempts = 0;
    const both = (first: string, second: string) =>
      db.database.transaction(async (tx) => {
        attempts++;
        await tx.run(bump, { name: first });
        await tx.run(sleep, { s: 0.2 });
        return (await tx.run(bump, { name: second }))[0]?.token;
      });
    const tokens = await Promise.all([both('a', 'b'), both('b', 'a')]);
    expect(attempts).toBeGreaterThan(2);
    expect(tokens.toSorted()).toEqual([2, 3]);
  }, 20_000);

  it('sends a single statement again when it waited too long for a lock', async () => {
    const impatient = open(10_000);
    const [waiting] = await db.database.transaction(async (tx) => {
      await tx.run(takeLock, { id: 7 });
      const blocked = impatient.run(takeLock, { id: 7 }); // gives up after 1 s, and tries again
      await tx.run(sleep, { s: 1.5 });
      return [blocked];
    });
    expect(await waiting).toHaveLength(1);
    await impatient.close();
  }, 20_000);
});
