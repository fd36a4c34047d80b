import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, maintainPartitions } from '@panda/database';
import { aJob, aJobFile, insertRows, pg, type TestDatabase } from '@panda/testing';

describe('partitions', () => {
  let db: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    db = await pg();
    database = db.database;
  }, 60_000);
  afterAll(() => db.close());

  const rows = async (text: string) => (await database.pool.query(text)).rows;
  const partitionsOf = async (table: string): Promise<string[]> =>
    (
      await rows(
        `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'doma_panda.${table}'::regclass order by 1`,
      )
    ).map(({ name }) => name);
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '_');

  it.each([
    ['DB-37', 'jobs_statuslog'],
    ['DB-37', 'tasks_statuslog'],
    ['DB-31', 'harvester_dialogs'],
    ['DB-31', 'harvester_metrics'],
    ['PANDALOG', 'pandalog'],
  ])('%s exist for %s by day, ahead of time', async (_, table) => {
    await database.run(maintainPartitions, {});
    expect(await partitionsOf(table)).toEqual(expect.arrayContaining([0, 1, 2, 3].map((offset) => `${table}_${day(offset)}`)));
  });

  it.each(['jedi_tasks', 'jedi_taskparams', 'jedi_datasets', 'jedi_dataset_contents', 'jedi_output_template', 'jedi_events'])(
    'DB-34 exist for %s by blocks of 500,000 tasks, and the next before the block is full',
    async (table) => {
      await database.pool.query(`select setval('doma_deft.prodsys2_task_id_seq', 300000)`);
      await database.run(maintainPartitions, {});
      expect(await partitionsOf(table)).toEqual([`${table}_p0`, `${table}_p500000`, `${table}_rest`]);
    },
  );

  it('DB-32 exist for the jobs of workers by blocks of PandaIDs', async () => {
    expect(await partitionsOf('harvester_rel_jobs_workers')).toContain('harvester_rel_jobs_workers_p0');
  });

  it('exist for final jobs by month, each with its own key', async () => {
    const month = new Date().toISOString().slice(0, 7).replace('-', '_');
    expect(await partitionsOf('jobs_final')).toContain(`jobs_final_${month}`);
    await insertRows(database, aJob(1).inStatus('finished').with({ statechangetime: new Date().toISOString() }));
    expect(await rows(`select pandaid from doma_panda.jobs_final_${month}`)).toEqual([{ pandaid: 1 }]);
  });

  it('take in the rows that came before them', async () => {
    await insertRows(database, aJob(25_000_000), aJobFile(1).ofJob(25_000_000));
    expect(await rows('select pandaid from doma_panda.job_files_rest')).toEqual([{ pandaid: 25_000_000 }]);
    await database.pool.query(`select setval('doma_panda.jobsdefined4_pandaid_seq', 24000000)`);
    await database.run(maintainPartitions, {});
    expect(await rows('select pandaid from doma_panda.job_files_p20000000')).toEqual([{ pandaid: 25_000_000 }]);
    expect(await rows('select pandaid from doma_panda.job_files_rest')).toEqual([]);
  });

  it('DB-25 DB-28 go when they are past their time, and blocks when their jobs are gone', async () => {
    await database.pool.query(
      `create table doma_panda.pandalog_2020_01_01 partition of doma_panda.pandalog for values from ('2020-01-01') to ('2020-01-02')`,
    );
    await database.pool.query('delete from doma_panda.jobs where pandaid = 1');
    const done = (await database.run(maintainPartitions, {})).map(({ done: line }) => line);
    expect(done).toContain('dropped doma_panda.pandalog_2020_01_01');
    expect(done).toContain('dropped doma_panda.job_files_p0');
    expect(await partitionsOf('job_files')).not.toContain('job_files_p0');
    expect(
      await rows(
        `select table_name, copied_to_arch, deleted_on is not null as deleted from doma_panda.tablepart4copying where partition_name = 'job_files_p0'`,
      ),
    ).toEqual([{ table_name: 'job_files', copied_to_arch: 'NO', deleted: true }]);
  });

  it('are maintained safely at once', async () => {
    await Promise.all([1, 2, 3].map(() => database.run(maintainPartitions, {})));
  });
});
