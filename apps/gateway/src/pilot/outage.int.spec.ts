import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aJob, aQueue, insertRows } from '@panda/testing';
import { classic } from '../testing/calls.js';
import { startGateway, type TestGateway } from '../testing/gateway.js';

let gateway: TestGateway;
let pilot: { token: string; origin: string; headers: Record<string, string> };

beforeAll(async () => {
  gateway = await startGateway({ holdReports: 3_000 }, true);
  const token = await gateway.issuer.token({ sub: 'panda-robot', aud: 'panda-robot', groups: ['wlcg', 'wlcg/pilot'] });
  pilot = { token, origin: 'wlcg.pilot', headers: { accept: 'application/json' } };
  await insertRows(gateway.database, aQueue('QUEUE_A'), ...[1, 2, 3].map((id) => aJob(id).inStatus('running')));
}, 60_000);
afterAll(() => gateway.close());

const rowsOf = async (sql: string) => (await gateway.database.pool.query(sql)).rows as Record<string, unknown>[];
const report = (jobId: string, state: string) =>
  classic(gateway, 'updateJob', { jobId, state, attemptNr: '1', xml: '{}' }, pilot);

/** The link to the database is cut, and mended afterwards. */
async function outage<T>(work: () => Promise<T>): Promise<T> {
  await gateway.link?.cut();
  try {
    return await work();
  } finally {
    await gateway.link?.mend();
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

describe('while the database is away', () => {
  it('a final report is held and stored when the database is back in time', async () => {
    let answer: ReturnType<typeof report> | undefined;
    await outage(async () => {
      answer = report('1', 'finished');
      await until(() => gateway.log.messages('warn').includes('a final report waits for the database'));
    });
    expect((await answer)?.json()).toEqual({ StatusCode: 0, command: 'NULL' });
    expect(await rowsOf('select jobstatus from doma_panda.job_output_report where pandaid = 1')).toEqual([
      { jobstatus: 'finished' },
    ]);
    expect(gateway.log.messages('warn')).toContain('a final report waits for the database');
  });

  it('a final report is answered 503 with an empty body at the deadline, never StatusCode 10 or 30', async () => {
    const started = performance.now();
    const answer = await outage(() => report('2', 'finished'));
    expect([answer.status, answer.text]).toEqual([503, '']);
    expect(performance.now() - started).toBeGreaterThan(2_000);
    expect(await rowsOf('select * from doma_panda.job_output_report where pandaid = 2')).toEqual([]);
    expect((await report('2', 'finished')).json()).toEqual({ StatusCode: 0, command: 'NULL' });
  }, 20_000);

  it('getJob answers that there is no work', async () => {
    const ask = { siteName: 'QUEUE_A', prodSourceLabel: 'user' };
    await classic(gateway, 'getJob', ask, pilot);
    await insertRows(gateway.database, aJob(9));
    expect((await outage(() => classic(gateway, 'getJob', ask, pilot))).json()).toMatchObject({ StatusCode: 20 });
    expect(await rowsOf('select jobstatus from doma_panda.jobs where pandaid = 9')).toEqual([{ jobstatus: 'activated' }]);
  });

  it('a heartbeat gets its 503 late, so that ten repeats do not follow at once', async () => {
    const started = performance.now();
    const answer = await outage(() => report('3', 'running'));
    expect([answer.status, answer.text]).toEqual([503, '']);
    expect(performance.now() - started).toBeGreaterThan(4_900);
  }, 30_000);
});
