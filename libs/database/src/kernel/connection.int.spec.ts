import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { pg, type TestDatabase } from '@panda/testing';
import pgDriver from 'pg';
import { Database, openPool, type Tx } from './database.js';
import { DedicatedSession } from './dedicated-session.js';
import { statement } from './statement.js';

const backend = statement<object, { pid: number }>('test.backend', 'select pg_backend_pid() as pid');
const endBackend = statement<{ pid: number }, { ended: boolean }>(
  'test.endBackend',
  'select pg_terminate_backend($pid::int) as ended',
);
const sessionsOf = statement<{ name: string }, { sessions: number }>(
  'test.sessionsOf',
  'select count(*)::int as sessions from pg_stat_activity where application_name = $name and datname = current_database()',
);
const slow = statement<object, object>('test.slow', 'select pg_sleep(30)');
const failing = statement<object, object>('test.failing', 'select 1 / 0');
const announce = statement<{ word: string }, object>('test.announce', "select pg_notify('test', $word)");

describe('a transaction', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await pg();
  });
  afterAll(() => db.close());

  /** Ends the transaction's connection from outside, while no statement of it runs. */
  async function cut(tx: Tx): Promise<void> {
    const [row] = await tx.run(backend, {});
    const gone = new Promise((resolve) => tx.client.once('end', resolve));
    await db.database.run(endBackend, { pid: row?.pid ?? 0 });
    await gone;
  }

  it('repeats a transaction whose connection was cut between two statements', async () => {
    let tries = 0;
    const pid = await db.database.transaction(async (tx) => {
      tries += 1;
      if (tries === 1) await cut(tx);
      return (await tx.run(backend, {}))[0]?.pid;
    });
    expect(tries).toBe(2);
    expect(pid).toBeGreaterThan(0);
  });

  it('does not repeat a transaction that failed for a reason of its own, and runs no hooks of it', async () => {
    let [tries, hooks] = [0, 0];
    const failed = db.database.transaction(async (tx) => {
      tries += 1;
      tx.afterCommit(() => {
        hooks += 1;
      });
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect([tries, hooks]).toEqual([1, 0]);
  });

  it('does not repeat a transaction whose COMMIT was cut off: nobody knows its outcome', async () => {
    let tries = 0;
    const unknown = db.database.transaction(async (tx) => {
      tries += 1;
      await cut(tx);
    });
    await expect(unknown).rejects.toThrow('the outcome of COMMIT is unknown');
    expect(tries).toBe(1);
  });
});

describe('the connections of a process', () => {
  let db: TestDatabase;
  let few: Database;
  beforeAll(async () => {
    db = await pg();
    const limits = { statementTimeoutMs: 150, lockTimeoutMs: 5_000, idleInTransactionMs: 5_000 };
    few = new Database(openPool({ url: db.url, max: 3, applicationName: 'few', ...limits }));
  });
  afterAll(async () => {
    await few.close();
    await db.close();
  });

  it('SERVER-core-05 are no more than its pool may have, however many statements are asked at once', async () => {
    await Promise.all(Array.from({ length: 30 }, () => few.run(backend, {})));
    const [row] = await db.database.run(sessionsOf, { name: 'few' });
    expect(row?.sessions).toBeGreaterThan(0);
    expect(row?.sessions).toBeLessThanOrEqual(3);
  });

  it('SERVER-core-07 survive statements that run too long: they are cut, and the next one is answered', async () => {
    const cutOff = await Promise.allSettled([1, 2, 3, 4].map(() => few.run(slow, {})));
    expect(cutOff.map((result) => (result.status === 'rejected' ? result.reason.code : 'done'))).toEqual(Array(4).fill('57014'));
    expect(await few.run(backend, {})).toHaveLength(1);
  });
});

describe('a dedicated session', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await pg();
  });
  afterAll(() => db.close());

  it('hears what is announced on its channel', async () => {
    const session = await DedicatedSession.open(db.database);
    const heard = new Promise<string>((resolve) => void session.listen('test', resolve));
    await session.run(backend, {}); // the LISTEN before it has been executed
    await db.database.run(announce, { word: 'hello' });
    expect(await heard).toBe('hello');
    await session.close();
  });

  it('asks its connection for one statement at a time, and goes on after one that fails', async () => {
    const session = await DedicatedSession.open(db.database);
    const asked = jest.spyOn(pgDriver.Client.prototype, 'query');
    const answers = Promise.allSettled([session.run(backend, {}), session.run(failing, {}), session.run(backend, {})]);
    await Promise.resolve(); // time enough to ask, none to read an answer
    expect(asked).toHaveBeenCalledTimes(1);
    expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    asked.mockRestore();
    await session.close();
  });

  it('says that it is lost, when the server ends it', async () => {
    const session = await DedicatedSession.open(db.database);
    const [row] = await session.run(backend, {});
    const lost = new Promise((resolve) => session.lost.addEventListener('abort', resolve));
    await db.database.run(endBackend, { pid: row?.pid ?? 0 });
    await lost;
  });

  it('is ended by the server when its process is silent for too long', async () => {
    const session = await DedicatedSession.open(db.database, { idleLimitMs: 50 });
    if (!session.lost.aborted) await new Promise((resolve) => session.lost.addEventListener('abort', resolve));
    await expect(session.run(backend, {})).rejects.toThrow();
  });
});
