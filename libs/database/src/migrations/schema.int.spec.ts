import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Database } from '@panda/database';
import {
  aDataset,
  aFile,
  aJob,
  aJobFile,
  aTask,
  emptyTables,
  insertRows,
  pg,
  type TestDatabase,
  taskTables,
} from '@panda/testing';

describe('the schema', () => {
  let db: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    db = await pg();
    database = db.database;
  }, 60_000);
  beforeEach(() => emptyTables(database, ...taskTables));
  afterAll(() => db.close());

  const rows = async (text: string, values: unknown[] = []) => (await database.pool.query(text, values)).rows;
  const primaryKey = async (table: string) => {
    const found = await rows(
      `select string_agg(a.attname, ',' order by array_position(i.indkey::smallint[], a.attnum)) as columns
       from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
       where i.indrelid = $1::regclass and i.indisprimary`,
      [table],
    );
    return found[0]?.columns;
  };

  it('DB-11 DB-15 keys tasks by jediTaskID and jobs by PandaID', async () => {
    expect(await primaryKey('doma_panda.jedi_tasks')).toBe('jeditaskid');
    expect(await primaryKey('doma_panda.jobs_live')).toBe('pandaid');
    await insertRows(database, aTask(1), aJob(1));
    await expect(insertRows(database, aTask(1))).rejects.toThrow(/duplicate key/);
    await expect(insertRows(database, aJob(1))).rejects.toThrow(/duplicate key/);
  });

  it('DB-14 shows a job in the home of its state', async () => {
    await insertRows(
      database,
      aJob(1).inStatus('pending'),
      aJob(2).inStatus('assigned'),
      aJob(3).inStatus('transferring'),
      aJob(4).inStatus('closed'),
    );
    const homes = await rows(
      ['jobswaiting4', 'jobsdefined4', 'jobsactive4', 'jobsarchived4']
        .map((view) => `select '${view}' as home, pandaid from doma_panda.${view}`)
        .join(' union all '),
    );
    expect(homes).toEqual([
      { home: 'jobswaiting4', pandaid: 1 },
      { home: 'jobsdefined4', pandaid: 2 },
      { home: 'jobsactive4', pandaid: 3 },
      { home: 'jobsarchived4', pandaid: 4 },
    ]);
  });

  it('DB-16 DB-26 shows old final jobs, their files, parameters and metadata in the archive schema', async () => {
    await insertRows(database, aJob(1).inStatus('finished').with({ statechangetime: '2020-01-01' }), aJobFile(1).ofJob(1));
    await database.pool.query(`insert into doma_panda.job_params (pandaid, jobparameters) values (1, '-x');
      insert into doma_panda.job_metadata (pandaid, metadata) values (1, '{}')`);
    for (const view of ['jobsarchived', 'filestable_arch', 'jobparamstable_arch', 'metatable_arch']) {
      expect(await rows(`select pandaid from doma_pandaarch.${view}`)).toEqual([{ pandaid: 1 }]);
    }
    expect(await rows('select pandaid from doma_panda.jobsarchived4')).toEqual([]);
  });

  it('keeps parameters and metadata of a job under their classic names', async () => {
    await database.pool.query(`insert into doma_panda.jobparamstable (pandaid, jobparameters) values (7, '--in x');
      insert into doma_panda.metatable (pandaid, metadata) values (7, '{"a":1}')`);
    expect(
      await rows(
        'select p.jobparameters, m.metadata from doma_panda.jobparamstable p join doma_panda.metatable m using (pandaid)',
      ),
    ).toEqual([{ jobparameters: '--in x', metadata: '{"a":1}' }]);
  });

  it('lets operators update live jobs through the classic views', async () => {
    await insertRows(database, aJob(1));
    await database.pool.query('update doma_panda.jobsactive4 set currentpriority = 4242 where pandaid = 1');
    expect(await rows('select currentpriority from doma_panda.jobs where pandaid = 1')).toEqual([{ currentpriority: 4242 }]);
  });

  it('DB-46 gives the monitor one relation of live and final jobs with their task', async () => {
    await insertRows(database, aTask(5), aJob(1).ofTask(5), aJob(2).ofTask(5).inStatus('failed'));
    expect(
      await rows('select pandaid, isarchive, taskname from doma_pandabigmon.combined_wait_act_def_arch4 order by pandaid'),
    ).toEqual([
      { pandaid: 1, isarchive: 0, taskname: 'user.alice.task5' },
      { pandaid: 2, isarchive: 1, taskname: 'user.alice.task5' },
    ]);
  });

  it('DB-45 knows the smallest task of each live state', async () => {
    await insertRows(database, aTask(8), aTask(3), aTask(9).running(), aTask(1).inStatus('finished'));
    await database.pool.query('call doma_panda.jedi_refr_mintaskids_bystatus()');
    expect(await rows('select status, min_jeditaskid from doma_panda.jedi_aux_status_mintaskid order by status')).toEqual([
      { status: 'ready', min_jeditaskid: 3 },
      { status: 'running', min_jeditaskid: 9 },
    ]);
  });

  it('refuses states no machine knows', async () => {
    await expect(insertRows(database, aTask(1).with({ status: 'sleeping' }))).rejects.toThrow(/task_status/);
    await expect(insertRows(database, aJob(1).with({ jobstatus: 'sleeping' }))).rejects.toThrow(/job_status/);
    await expect(insertRows(database, aDataset(1).with({ status: 'sleeping' }))).rejects.toThrow(/dataset_status/);
    await expect(insertRows(database, aFile(1).with({ status: 'sleeping' }))).rejects.toThrow(/file_status/);
  });

  it('reads time from one clock that a test can stop', async () => {
    await database.transaction(async (tx) => {
      await tx.client.query(`set local panda.now = '2026-05-05 05:05:05'`);
      expect((await tx.client.query('select panda_ops.utc_now()::text as now')).rows).toEqual([{ now: '2026-05-05 05:05:05' }]);
    });
    const [{ drift }] = await rows(
      `select abs(extract(epoch from panda_ops.utc_now() - (clock_timestamp() at time zone 'UTC'))) as drift`,
    );
    expect(drift).toBeLessThan(1);
  });

  it('DB-23 takes a new queue attribute without a change of the schema', async () => {
    await database.pool.query(
      `insert into doma_panda.schedconfig_json (panda_queue, data) values ('Q', '{"status": "online", "brand_new": {"a": [1]}}')`,
    );
    expect(await rows(`select data -> 'brand_new' -> 'a' as a from doma_panda.schedconfig_json`)).toEqual([{ a: [1] }]);
  });
});
