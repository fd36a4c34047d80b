import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics } from '@panda/contracts';
import { nudge, storeDeadLetter } from '@panda/database';
import { aDataset, aQueue, aTask, insertRows, pg, type TestDatabase } from '@panda/testing';
import { runHere } from '../testing/run-here.js';
import { runTool, type ToolRun } from '../testing/run-tool.js';

let db: TestDatabase;

beforeAll(async () => {
  db = await pg();
  await insertRows(db.database, aQueue('SITE_A'), aQueue('SITE_B').offline());
});
afterAll(() => db.close());

const variables = () => ({ DATABASE_URL: db.url, BUS: 'postgres' });
const admin = (...args: string[]): Promise<ToolRun> => runHere('panda', ['admin', ...args], { env: variables() });

async function storedLetter(reasonCode: string): Promise<number> {
  const [row] = await db.database.run(storeDeadLetter, {
    messageId: null,
    queue: 'panda.daemon.jobs.reported',
    consumer: 'daemon',
    reasonCode,
    reasonText: 'cannot read',
    firstFailedAt: '2026-11-22T07:00:00Z',
    lastFailedAt: '2026-11-22T08:00:00Z',
    attempts: 3,
    envelope: null,
    raw: Buffer.from(`{"ids": [${reasonCode.length}]}`),
  });
  return row?.id ?? 0;
}

async function audited(object: string): Promise<unknown[]> {
  const { rows } = await db.database.pool.query(
    'select principal, method, outcome, summary from panda_ops.audit where object = $1 order by id',
    [object],
  );
  return rows;
}

describe('admin dead-letters', () => {
  it('lists, shows, replays and discards', async () => {
    const replayed = await storedLetter('malformed');
    const discarded = await storedLetter('refused');
    const list = await admin('dead-letters', 'list', '--reason', 'malformed');
    expect(list.stdout).toMatch(
      new RegExp(
        `^ID\\s+STATE.*\\n\\s*${replayed}\\s+open\\s+panda\\.daemon\\.jobs\\.reported\\s+malformed\\s+3\\s+2026-11-22 08:00:00\\s+cannot read\\n$`,
      ),
    );
    expect((await admin('dead-letters', 'show', String(replayed))).stdout).toContain('{"ids": [9]}');

    expect(await admin('dead-letters', 'replay', String(replayed))).toMatchObject({
      code: 0,
      stdout: `replayed 1: ${replayed}\n`,
    });
    const { rows } = await db.database.pool.query(
      "select count(*)::int as n from panda_ops.bus_message where queue = 'panda.daemon.jobs.reported'",
    );
    expect(rows[0]).toEqual({ n: 1 });
    expect(await admin('dead-letters', 'discard', String(discarded), '--by', 'alice')).toMatchObject({ code: 0 });
    const letters = JSON.parse((await admin('dead-letters', 'list', '--json')).stdout);
    expect(letters).toMatchObject([{ state: 'replayed' }, { state: 'discarded', resolved_by: 'alice' }]);
  });

  it('says what is not open any more, and what was never there', async () => {
    const id = await storedLetter('again');
    await admin('dead-letters', 'discard', '--all', '--reason', 'again');
    const run = await admin('dead-letters', 'replay', String(id), '999999');
    expect(run).toEqual({ code: 1, stdout: 'replayed 0\n', stderr: `not open any more, or not there: ${id}, 999999\n` });
    expect((await admin('dead-letters', 'show', '999999')).code).toBe(5);
    expect((await admin('dead-letters', 'replay')).code).toBe(2);
  });
});

describe('admin queues', () => {
  it('lists those that take no work too', async () => {
    const { stdout } = await admin('queues', 'list');
    expect(stdout).toMatch(/SITE_A\s+online\s+unified/);
    expect(stdout).toMatch(/SITE_B\s+offline/);
    expect((await admin('queues', 'list', '--status', 'offline')).stdout).not.toContain('SITE_A');
  });

  it('changes attributes, removes one with null, and records who did it', async () => {
    const run = await admin('queues', 'set', 'SITE_A', 'status=brokeroff', 'corecount=8', 'region=null', '--by', 'alice');
    expect(run.stdout).toBe('SITE_A: status = brokeroff\nSITE_A: corecount = 8\nSITE_A: region = (removed)\n');
    const { rows } = await db.database.pool.query("select data from doma_panda.schedconfig_json where panda_queue = 'SITE_A'");
    expect(rows[0].data).toMatchObject({ status: 'brokeroff', corecount: 8, cloud: 'WLCG' });
    expect(rows[0].data).not.toHaveProperty('region');
    expect(await audited('queue:SITE_A')).toEqual([
      {
        principal: 'operator:alice',
        method: 'queue.set',
        outcome: 'done',
        summary: {
          status: { from: 'online', to: 'brokeroff' },
          corecount: { from: 1, to: 8 },
          region: { from: 'WLCG', to: null },
        },
      },
    ]);
  });

  it.each([
    [2, ['SITE_B', 'corecount=2', 'status=sleepy'], /status is one of online, offline/],
    [2, ['SITE_B', 'maxrss=much'], /maxrss is a number/],
    [2, ['SITE_B', 'status'], /takes name=value/],
    [5, ['NOWHERE', 'status=online'], /there is no queue NOWHERE/],
  ])('%i: refuses %j as a whole', async (code, args, message) => {
    const run = await admin('queues', 'set', ...args);
    expect(run.code).toBe(code);
    expect(run.stderr).toMatch(message);
    expect(await audited('queue:SITE_B')).toEqual([]);
  });
});

describe('admin config', () => {
  it('lists, sets and removes values; a value keeps its type', async () => {
    expect((await admin('config', 'list')).stdout).toMatch(/pandaserver\.job_timeout\.TIMEOUT_holding\s+wlcg\s+int\s+30/);
    const name = 'jedi.jobbroker.NW_THRESHOLD';
    expect((await admin('config', 'set', name, '1.8', '--type', 'float', '--by', 'bob')).stdout).toBe(`${name} = 1.8\n`);
    expect((await admin('config', 'set', name, '1.9', '--by', 'bob')).stdout).toBe(`${name} = 1.9 (was 1.8)\n`);
    expect(await admin('config', 'set', name, 'high')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('the value is no float'),
    });
    expect(JSON.parse((await admin('config', 'list', '--component', 'jobbroker', '--json')).stdout)).toMatchObject([
      { key: 'NW_THRESHOLD', value: '1.9', type: 'float' },
    ]);
    expect((await admin('config', 'unset', name, '--by', 'bob')).stdout).toBe(`${name} is not set any more (was 1.9)\n`);
    expect((await admin('config', 'unset', name)).code).toBe(5);
    expect(await audited(`config:${name}`)).toMatchObject([
      { method: 'config.set' },
      { summary: { previous: '1.8', value: '1.9' } },
      { method: 'config.unset' },
    ]);
  });

  it('keeps long values as JSON', async () => {
    const value = JSON.stringify({ queues: Array.from({ length: 100 }, (_, i) => `QUEUE_${i}`) });
    expect((await admin('config', 'set', 'jedi.test.MAP', value, '--type', 'json')).code).toBe(0);
    const [row] = JSON.parse((await admin('config', 'list', '--component', 'test', '--json')).stdout);
    expect(row.valueJson.queues).toHaveLength(100);
    expect((await admin('config', 'set', 'jedi.test.LONG', value)).stderr).toMatch(/at most 256 characters/);
  });

  it('names what is no key', async () => {
    expect((await admin('config', 'set', 'NW_THRESHOLD', '1')).stderr).toMatch(/is no <app>\.<component>\.<key>/);
  });
});

describe('admin shares, outbox, invariants', () => {
  it('shows the tree of shares with targets', async () => {
    const { stdout } = await admin('shares');
    expect(stdout).toMatch(/Production\s+60\.0%/);
    expect(stdout).toMatch(/User Analysis\s+30\.0%/);
  });

  it('shows what waits in the outbox', async () => {
    expect((await admin('outbox')).stdout).toBe('nothing waits, nothing was published in the last hour\n');
    await db.database.transaction(async (tx) => nudge(tx, topics.taskReady, [1, 2]));
    expect((await admin('outbox')).stdout).toMatch(/task\.ready\s+1\s+\d+ s\s+0\s+0/);
  });

  it('says that all invariants hold, or which is broken where', async () => {
    expect(await admin('invariants', '--quiescent')).toEqual({ code: 0, stdout: 'all invariants hold\n', stderr: '' });
    await insertRows(db.database, aTask(), aDataset().with({ nfilesused: -1 }));
    const text = await admin('invariants');
    expect(text.code).toBe(1);
    expect(text.stdout).toMatch(
      /^F2bounds is broken in 1 place\(s\): counters stay within their bounds\n {4}\{"jeditaskid":\d+,"datasetid":\d+\}$/m,
    );
    const report = JSON.parse((await admin('invariants', '--json')).stdout);
    expect(report).toMatchObject({ quiescent: false, broken: [{ id: 'F2bounds', rows: [{}] }] });
  });
});

describe('without a database', () => {
  it('says where it looked, by the real binary', async () => {
    const run = await runTool('panda', ['admin', 'outbox'], { env: { DATABASE_URL: 'postgresql://postgres@127.0.0.1:1/x' } });
    expect(run).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringContaining('cannot work on the database: ECONNREFUSED'),
    });
  }, 20_000);

  it('says what to set when it was not told which database', async () => {
    const run = await runHere('panda', ['admin', 'dead-letters', 'list'], { env: {} });
    expect(run).toMatchObject({ code: 4, stdout: '' });
    expect(run.stderr).toMatch(/hint: {2}Set DATABASE_URL to .*; without it panda_db at 127\.0\.0\.1:5432 was tried/);
  });

  it('says that the schema is missing', async () => {
    const url = new URL(db.url);
    url.pathname = '/postgres';
    const run = await runHere('panda', ['admin', 'outbox'], { env: { DATABASE_URL: url.toString() } });
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('run the migrate service first') });
  });
});
