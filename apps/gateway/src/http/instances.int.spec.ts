import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aJob, aQueue, insertRows } from '@panda/testing';
import { classic, v1Get, v1Post } from '../testing/calls.js';
import { startGateway, type TestGateway } from '../testing/gateway.js';

let first: TestGateway;
let second: TestGateway;
let token: string;
let pilot: { token: string; origin: string; headers: Record<string, string> };

beforeAll(async () => {
  first = await startGateway();
  second = await startGateway({}, false, first);
  token = await first.issuer.token();
  const robot = await first.issuer.token({ sub: 'panda-robot', aud: 'panda-robot', groups: ['wlcg', 'wlcg/pilot'] });
  pilot = { token: robot, origin: 'wlcg.pilot', headers: { accept: 'application/json' } };
  await insertRows(first.database, aQueue('QUEUE_A'), ...Array.from({ length: 60 }, (_, i) => aJob(1 + i)));
}, 60_000);
afterAll(async () => {
  await second.close();
  await first.close();
});

const either = (i: number) => (i % 2 === 0 ? first : second);

describe('several gateways on one database', () => {
  it('SERVER-core-02 hand each job out once, whichever instance is asked', async () => {
    const ask = { siteName: 'QUEUE_A', prodSourceLabel: 'user' };
    const answers = await Promise.all(Array.from({ length: 60 }, (_, i) => classic(either(i), 'getJob', ask, pilot)));
    const ids = answers.map((answer) => (answer.json() as { PandaID: number }).PandaID);
    expect(new Set(ids).size).toBe(60);
    const { rows } = await first.database.pool.query('select count(*)::int as n from panda_ops.handout');
    expect(rows).toEqual([{ n: 60 }]);
  });

  it('I12 make one task of one submission sent to both at once', async () => {
    const task_parameters = {
      taskName: 'user.alice.both/',
      uniqueTaskName: true,
      vo: 'wlcg',
      prodSourceLabel: 'user',
      processingType: 'x',
      jobParameters: [],
    };
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => v1Post(either(i), 'task/submit', { task_parameters, parent_tid: null }, { token })),
    );
    expect(answers.filter((answer) => (answer.json() as { success: boolean }).success)).toHaveLength(1);
  });

  it('SERVER-core-05 keep within their pools, however many ask', async () => {
    await Promise.all(Array.from({ length: 200 }, (_, i) => v1Get(either(i), 'statistics/active_job_stats_by_site')));
    const { rows } = await first.database.pool.query(
      "select count(*)::int as n from pg_stat_activity where application_name = 'gateway' and datname = current_database()",
    );
    expect(rows[0].n).toBeLessThanOrEqual(8);
  });

  it('SERVER-core-07 cut a statement that hangs, and answer the next request', async () => {
    const client = await first.database.pool.connect();
    try {
      await client.query('begin; lock table doma_panda.jedi_tasks in access exclusive mode');
      const stuck = await v1Get(first, 'task/get_status?task_id=1', { token });
      expect([stuck.status, stuck.headers.get('retry-after')]).toEqual([503, '30']);
      expect((await v1Get(first, 'system/is_alive')).json()).toMatchObject({ success: true });
    } finally {
      await client.query('rollback');
      client.release();
    }
    expect((await v1Get(first, 'task/get_status?task_id=1', { token })).status).toBe(200);
  });
});
