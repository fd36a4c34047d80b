import type { TestDatabase } from '@panda/testing';

export const QUEUES = 100;

/** Fills the database with activated jobs over {@link QUEUES} queues, each with an input, an output, a log and parameters; statistics are fresh. */
export async function fillActivated({ database }: TestDatabase, jobs: number): Promise<void> {
  const client = await database.pool.connect();
  try {
    await client.query('set statement_timeout = 0');
    await client.query('alter table doma_panda.jobs_live disable trigger user');
    await client.query(
      `insert into doma_panda.jobs_live (pandaid, jobstatus, computingsite, prodsourcelabel, processingtype, produsername, vo, cloud, gshare,
         resource_type, corecount, currentpriority, assignedpriority, attemptnr, maxattempt, minramcount, maxdiskcount, maxwalltime, transformation,
         jobname, jeditaskid, workqueue_id)
       select n, 'activated', 'QUEUE_' || (n % $2), 'user', 'panda-client', 'alice', 'wlcg', 'WLCG', 'User Analysis', 'SCORE', 1,
         1000 - (n * 7919) % 500, 1000, 1, 3, 2000, 1000, 3600, 'http://localhost/trf/user/runGen-00-00-02', 'bench.' || n, 1, 3
       from generate_series(1, $1::bigint) n`,
      [jobs, QUEUES],
    );
    await client.query('alter table doma_panda.jobs_live enable trigger user');
    await client.query(
      `insert into doma_panda.job_files (pandaid, lfn, type, status, dataset, scope, fsize, destinationdblock)
       select n, kind || '.' || n, kind, 'ready', 'user.alice.bench', 'user.alice', 1000, 'user.alice.bench'
       from generate_series(1, $1::bigint) n cross join (values ('input'), ('output'), ('log')) as k(kind)`,
      [jobs],
    );
    await client.query(
      `insert into doma_panda.job_params (pandaid, jobparameters) select n, repeat('-p payload ', 40) from generate_series(1, $1::bigint) n`,
      [jobs],
    );
    await client.query(
      `insert into doma_panda.schedconfig_json (panda_queue, data) select 'QUEUE_' || n, jsonb_build_object('status', 'online', 'state', 'ACTIVE',
         'panda_resource', 'QUEUE_' || n, 'capability', 'ucore', 'type', 'unified') from generate_series(0, $1::int - 1) n`,
      [QUEUES],
    );
    await client.query('analyze');
  } finally {
    client.release();
  }
}

/** The same number of rows of the same width in a table of its own, with the one index that hand-out needs: the bare limit. */
export async function fillBare({ database }: TestDatabase, jobs: number): Promise<void> {
  await database.pool.query(
    'create table public.bare_jobs (id bigint primary key, site text, prio int, status text, payload text, touched timestamp)',
  );
  await database.pool.query(
    `insert into public.bare_jobs select n, 'QUEUE_' || (n % $2), 1000 - (n * 7919) % 500, 'activated', repeat('x', 800), now() from generate_series(1, $1::bigint) n`,
    [jobs, QUEUES],
  );
  await database.pool.query(`create index on public.bare_jobs (site, prio desc, id) where status = 'activated'`);
  await database.pool.query('analyze public.bare_jobs');
}

/** Makes the jobs that were taken available again: a bare round on a quiet machine takes a fifth of the backlog. */
export async function refillBare({ database }: TestDatabase): Promise<void> {
  await database.pool.query("update public.bare_jobs set status = 'activated' where status <> 'activated'");
  await database.pool.query('vacuum analyze public.bare_jobs');
}
