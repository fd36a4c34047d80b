import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CLAIM_STALE_S, TaskClaims } from '@panda/database';
import { taskStatus } from '@panda/domain';
import { aTask, insertRows, pg, type TestDatabase } from '@panda/testing';
import { lockedTaskStatus } from '../statements/external-input.js';

describe('claims on tasks', () => {
  let db: TestDatabase;
  let claims: TaskClaims;
  beforeAll(async () => {
    db = await pg();
    claims = new TaskClaims(db.database);
  }, 60_000);
  afterAll(() => db.close());

  const aged = (id: number) =>
    db.database.pool.query(
      `update doma_panda.jedi_tasks set lockedtime = panda_ops.utc_now() - make_interval(secs => $2) where jeditaskid = $1`,
      [id, CLAIM_STALE_S + 5],
    );
  const ageS = async (id: number): Promise<number> => {
    const { rows } = await db.database.pool.query(
      'select extract(epoch from panda_ops.utc_now() - lockedtime)::float8 as age from doma_panda.jedi_tasks where jeditaskid = $1',
      [id],
    );
    return rows[0]?.age;
  };
  const take = (claim: string, id: number, renewEveryMs?: number) =>
    claims.take({ statuses: [taskStatus.ready], ids: [id], claim, limit: 1, ...(renewEveryMs ? { renewEveryMs } : {}) });

  it('of an agent that died are taken over after a while, not before', async () => {
    await insertRows(db.database, aTask(1).inStatus(taskStatus.ready));
    expect(await take('dead:1', 1, 3_600_000)).toHaveLength(1);
    expect(await take('heir:1', 1)).toEqual([]);
    await aged(1);
    expect(await take('heir:1', 1)).toHaveLength(1);
    await claims.release('dead:1');
    expect(await take('third:1', 1)).toEqual([]);
    await claims.release('heir:1');
    expect(await take('third:1', 1)).toHaveLength(1);
    await claims.release('third:1');
  });

  it('of a living agent are renewed until they are given up', async () => {
    await insertRows(db.database, aTask(2).inStatus(taskStatus.ready));
    await take('living:2', 2, 10);
    await aged(2);
    while ((await ageS(2)) > CLAIM_STALE_S) await new Promise(setImmediate);
    expect(await take('heir:2', 2)).toEqual([]);
    await claims.release('living:2');
    expect(await take('heir:2', 2)).toHaveLength(1);
    await claims.release('heir:2');
  });

  it('tell what was passed over because somebody held it or only its row, even if it is free again', async () => {
    await insertRows(
      db.database,
      aTask(3).inStatus(taskStatus.ready),
      aTask(4).inStatus(taskStatus.ready),
      aTask(5).inStatus(taskStatus.done),
    );
    await take('holder:3', 3);
    const ids = [3, 4, 5];
    const taken = await db.database.transaction(async (tx) => {
      await tx.run(lockedTaskStatus, { taskId: 4 });
      return claims.take({ statuses: [taskStatus.ready], ids, claim: 'late:3', limit: 10 });
    });
    expect(taken).toEqual([]);
    await claims.release('holder:3');
    expect(await claims.missed([taskStatus.ready], ids, taken)).toEqual([3, 4]);
    const [first] = await take('late:3', 3);
    expect(await claims.missed([taskStatus.ready], ids, first ? [first] : [])).toEqual([4]);
    await claims.release('late:3');
  });
});
