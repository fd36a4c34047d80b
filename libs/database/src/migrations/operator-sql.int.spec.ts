import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, OperatorTables } from '@panda/database';
import { FakeClock, pg, type TestDatabase } from '@panda/testing';

/** Statements as the documentation of 22 Nov 2021 prints them (line breaks of the page joined); operators paste them. */
const printed = {
  cloud: `INSERT INTO DOMA_PANDAMETA.CLOUDCONFIG (NAME,DESCRIPTION,TIER1,TIER1SE,WEIGHT,SERVER,STATUS,
TRANSTIMELO,TRANSTIMEHI,WAITTIME,SPACE,MODTIME,MCSHARE,NPRESTAGE)
VALUES('A_GROUP0','some description','NA','NA',0,'NA','online',0,0,0,0,CURRENT_DATE,0,0);`,
  workQueue: `INSERT INTO DOMA_PANDA.JEDI_WORK_QUEUE (QUEUE_ID,QUEUE_NAME,QUEUE_TYPE,VO,QUEUE_FUNCTION)
VALUES(1,'test_queue','test','wlcg','Resource');`,
  site: `INSERT INTO DOMA_PANDA.SITE (SITE_NAME) VALUES('TEST_SITE');`,
  pandaSite: `INSERT INTO DOMA_PANDA.PANDA_SITE (PANDA_SITE_NAME,SITE_NAME) VALUES('TEST_SITE','TEST_SITE');`,
  queue: `INSERT INTO DOMA_PANDA.SCHEDCONFIG_JSON (PANDA_QUEUE,DATA) values('TEST_TEST','{"status":"online", "cloud": "WLCG"}');`,
  resourceType: `INSERT INTO DOMA_PANDA.RESOURCE_TYPES (RESOURCE_NAME,MINCORE) VALUES('Undefined',1);`,
  harvester: `INSERT INTO DOMA_PANDA.HARVESTER_INSTANCES (HARVESTER_ID,DESCRIPTION) VALUES('your_harvester_id','some description');`,
  bitor: `CREATE OR REPLACE FUNCTION doma_panda.bitor ( P_BITS1 integer, P_BITS2 integer ) RETURNS integer AS $body$
BEGIN
RETURN P_BITS1 | P_BITS2;
END;
$body$
LANGUAGE PLPGSQL
;`,
} as const;

/** What the documentation registers with pg_cron; procedures must exist and run. */
const scheduled = [
  'call doma_panda.jedi_refr_mintaskids_bystatus()',
  'call doma_panda.update_jobsdef_stats_by_gshare()',
  'call doma_panda.update_jobsact_stats_by_gshare()',
  'call doma_panda.update_jobsactive_stats()',
  'call doma_panda.update_num_input_data_files()',
  'call doma_panda.update_total_walltime()',
  'call doma_panda.update_ups_statss()',
  'call doma_panda.update_job_stats_hp()',
];

describe('SQL of the documentation', () => {
  let db: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    db = await pg();
    database = db.database;
  }, 60_000);
  afterAll(() => db.close());

  const rows = async (text: string) => (await database.pool.query(text)).rows;

  it('ADMIN-08 DB-27 registers a resource group as printed', async () => {
    await database.pool.query(printed.cloud);
    expect(await new OperatorTables(database, new FakeClock()).clouds()).toMatchObject([{ name: 'A_GROUP0', status: 'online' }]);
    for (const table of ['schedconfig', 'installedsw']) {
      expect(await rows(`select * from doma_pandameta.${table}`)).toEqual([]);
    }
  });

  it('ADMIN-09 registers a share as printed, in place of the seed of that number', async () => {
    await database.pool.query(printed.workQueue);
    expect(await rows('select queue_name, status from doma_panda.jedi_work_queue where queue_id = 1')).toEqual([
      { queue_name: 'test_queue', status: null },
    ]);
  });

  it('ADMIN-10 registers a queue as printed; readers see it', async () => {
    for (const text of [printed.site, printed.pandaSite, printed.queue]) await database.pool.query(text);
    const tables = new OperatorTables(database, new FakeClock());
    expect(await tables.queues()).toMatchObject([{ name: 'TEST_TEST', data: { status: 'online', cloud: 'WLCG' } }]);
    expect(await tables.sites()).toMatchObject([{ name: 'TEST_SITE' }]);
  });

  it('ADMIN-11 DB-53 registers the catch-all resource type as printed', async () => {
    await database.pool.query(printed.resourceType);
    expect(await rows(`select mincore, maxcore from doma_panda.resource_types where resource_name = 'Undefined'`)).toEqual([
      { mincore: 1, maxcore: null },
    ]);
  });

  it('registers a Harvester as printed', async () => {
    await database.pool.query(printed.harvester);
    expect(await rows('select harvester_id from doma_panda.harvester_instances')).toEqual([
      { harvester_id: 'your_harvester_id' },
    ]);
  });

  it('DB-44 has BITOR, and lets the printed definition replace it', async () => {
    expect(await rows('select doma_panda.bitor(1, 2) as bits')).toEqual([{ bits: 3 }]);
    await database.pool.query(printed.bitor);
    expect(await rows('select doma_panda.bitor(5, 2) as bits')).toEqual([{ bits: 7 }]);
  });

  it('runs the procedures that pg_cron jobs of an existing installation call', async () => {
    for (const call of scheduled) await database.pool.query(call);
  });

  it('DB-43 keys the retry history on its time too', async () => {
    const insert = (at: string) =>
      `insert into doma_panda.jedi_job_retry_history (jeditaskid, oldpandaid, newpandaid, originpandaid, ins_utc_tstamp) values (1, 2, 3, 2, '${at}')`;
    await database.pool.query(insert('2026-01-01'));
    await database.pool.query(insert('2026-01-02'));
    await expect(database.pool.query(insert('2026-01-02'))).rejects.toThrow(/unique/);
  });

  it('wakes the agents when an outside system hands in a task or a command', async () => {
    await database.pool.query(
      `insert into doma_deft.t_task (taskid, status, submit_time, taskname) values (4711, 'waiting', now(), 'outside');
       insert into doma_deft.prodsys_comm (comm_task, comm_owner, comm_cmd) values (4711, 'DEFT', 'kill')`,
    );
    expect(await rows(`select type, payload from panda_ops.outbox where aggregate = 'task:4711' order by ord`)).toEqual([
      { type: 'task.submitted', payload: { ids: [4711] } },
      { type: 'task.commanded', payload: { ids: [4711] } },
    ]);
  });
});
