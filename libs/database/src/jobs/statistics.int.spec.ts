import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Database, foldJobStats, readQueueLoad, refreshTypicalInput, transitionJobs } from '@panda/database';
import { aJob, aQueue, aTask, emptyTables, insertRows, pg, type TestDatabase, taskTables } from '@panda/testing';

describe('job statistics', () => {
  let db: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    db = await pg();
    database = db.database;
  }, 60_000);
  beforeEach(() => emptyTables(database, ...taskTables, 'doma_panda.schedconfig_json'));
  afterAll(() => db.close());

  const rows = async (text: string) => (await database.pool.query(text)).rows;
  const some = () =>
    insertRows(
      database,
      aJob(1).withPriority(900),
      aJob(2).withPriority(905),
      aJob(3).withPriority(905).withCores(8, 'MCORE').with({ diskio: 80, minramcount: 16_000 }),
      aJob(4).inStatus('defined').with({ processingtype: 'pmerge' }),
      aJob(5).inStatus('finished'),
    );

  it('DB-24 are exact at every commit, before and after they are folded', async () => {
    await some();
    const now = () =>
      rows(
        'select jobstatus, sum(njobs)::int as jobs, sum(ncores)::int as cores from panda_ops.job_stats_now group by 1 order by 1',
      );
    const expected = [
      { jobstatus: 'activated', jobs: 3, cores: 10 },
      { jobstatus: 'defined', jobs: 1, cores: 1 },
    ];
    expect(await now()).toEqual(expected);
    const [{ folded } = { folded: 0 }] = await database.run(foldJobStats, { limit: 1000 });
    expect(folded).toBeGreaterThan(0);
    expect(await now()).toEqual(expected);
    await transitionJobs(database, { ids: [1], event: 'handedOut', actor: 'gateway' });
    await transitionJobs(database, { ids: [2], event: 'closed', actor: 'daemon' });
    await database.run(foldJobStats, { limit: 1000 });
    expect(await now()).toEqual([
      { jobstatus: 'activated', jobs: 1, cores: 8 },
      { jobstatus: 'defined', jobs: 1, cores: 1 },
      { jobstatus: 'sent', jobs: 1, cores: 1 },
    ]);
    expect(await rows('select count(*)::int as n from panda_ops.job_stats where njobs = 0')).toEqual([{ n: 0 }]);
  });

  it('cost heartbeats nothing: a change of other columns leaves no difference', async () => {
    await some();
    await database.run(foldJobStats, { limit: 1000 });
    await database.pool.query('update doma_panda.jobs set modificationtime = panda_ops.utc_now(), maxrss = 5 where not is_final');
    expect(await rows('select count(*)::int as n from panda_ops.job_stats_delta')).toEqual([{ n: 0 }]);
  });

  it('are folded by one at a time', async () => {
    await some();
    await Promise.all([1, 2, 3, 4].map(() => database.run(foldJobStats, { limit: 1000 })));
    expect(await rows(`select sum(njobs)::int as n from panda_ops.job_stats_now`)).toEqual([{ n: 4 }]);
  });

  it('show shares, cores and priorities under the classic names', async () => {
    await insertRows(database, aQueue('QUEUE_A').configured({ corepower: 12 }));
    await some();
    expect(
      await rows(`select gshare, resource_type, njobs, maxpriority, hs, prorated_diskio_avg, prorated_mem_avg
      from doma_panda.jobs_share_stats where resource_type = 'MCORE'`),
    ).toEqual([
      {
        gshare: 'User Analysis',
        resource_type: 'MCORE',
        njobs: 1,
        maxpriority: 905,
        hs: 96,
        prorated_diskio_avg: 10,
        prorated_mem_avg: 2000,
      },
    ]);
    expect(await rows('select njobs from doma_panda.jobsdefined_share_stats')).toEqual([{ njobs: 1 }]);
    expect(
      await rows(`select currentpriority, num_of_jobs, num_of_cores from doma_panda.mv_jobsactive4_stats order by num_of_cores`),
    ).toEqual([
      { currentpriority: 900, num_of_jobs: 2, num_of_cores: 2 },
      { currentpriority: 900, num_of_jobs: 1, num_of_cores: 8 },
    ]);
    expect(
      await rows(`select max_priority, max_priority_count from doma_panda.job_stats_hp where resource_type = 'SCORE'`),
    ).toEqual([{ max_priority: 905, max_priority_count: 1 }]);
    expect(
      await rows(
        `select total_walltime, n_has_value from doma_panda.total_walltime_cache where agg_type = 'gshare' and resource_type = 'MCORE'`,
      ),
    ).toEqual([{ total_walltime: 3600, n_has_value: 1 }]);
  });

  it('give brokerage the load of each queue', async () => {
    await some();
    const load = await database.run(readQueueLoad, {});
    expect(load.find((row) => row.resourceType === 'MCORE')).toMatchObject({
      queue: 'QUEUE_A',
      status: 'activated',
      jobs: 1,
      cores: 8,
      diskIoPerCore: 10,
    });
  });

  it('refresh the median of input files per job', async () => {
    await insertRows(database, ...[1, 5, 9].map((n) => aJob(n).with({ ninputdatafiles: n })));
    await database.run(refreshTypicalInput, {});
    expect(await rows(`select agg_type, ninputdatafiles from doma_panda.typical_num_input order by 1`)).toEqual([
      { agg_type: 'gshare', ninputdatafiles: 5 },
      { agg_type: 'workqueue', ninputdatafiles: 5 },
    ]);
  });

  it('count tasks with jumbo jobs', async () => {
    await insertRows(database, aTask(1).running().with({ usejumbo: 'R' }), aTask(2).running());
    expect(await rows('select usejumbo, task_count from doma_panda.mv_running_jumbo_task_count')).toEqual([
      { usejumbo: 'R', task_count: 1 },
    ]);
  });
});
