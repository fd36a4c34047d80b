import { readFile } from 'node:fs/promises';
import { type NewSite, SiteRepository } from '@panda/database';
import type { TaskParameters } from '@panda/domain';
import { aQueue, pg, type TestDatabase } from '@panda/testing';

const QUEUE = 'BENCH_QUEUE';
const POLL_MS = 3;
const recorded = 'libs/domain/src/refine/fixtures/prun-no-input.json';

const site: NewSite = {
  site: 'BENCH',
  endpoint: { name: 'BENCH_DISK', baseUrl: 'file:///nonexistent', spaceGb: 1_000_000 },
  harvester: 'nobody',
  queue: { name: QUEUE, data: aQueue(QUEUE).columns.data as Record<string, unknown> },
};

/** A database with one queue that takes every job and whose jobs nobody fetches. */
export async function openGrid(): Promise<TestDatabase> {
  const db = await pg({ max: 4 });
  await new SiteRepository(db.database).register(site);
  return db;
}

/** The recorded prun submission with so many jobs, without scouts and for any queue. */
export async function taskOf(jobs: number, name: number): Promise<TaskParameters> {
  const text = (await readFile(recorded, 'utf8')).replaceAll('user.alice.', 'user.bench.');
  const parameters = JSON.parse(text) as TaskParameters;
  const server = { vo: 'wlcg', userName: 'bench', taskType: 'anal', taskPriority: 1000 };
  return { ...parameters, ...server, taskName: `user.bench.${name}/`, site: null, skipScout: true, nEvents: jobs };
}

/** What services of a bench are told beside their bus. */
export function environment(db: TestDatabase): Record<string, string> {
  return {
    DATABASE_URL: db.url,
    PANDA_HTTP_PORT: '0',
    PANDA_HTTP_HOST: '127.0.0.1',
    PANDA_DEVELOPMENT_USER: 'bench',
    PANDA_LOG_LEVEL: 'info',
  };
}

/** Looks until so many jobs of the task can be fetched. Throws when the task waits or breaks instead. */
export async function whenActivated({ database }: TestDatabase, id: number, jobs: number): Promise<void> {
  for (;;) {
    // Each job has one log, counted in the transaction that stores the job: looking costs one row, not all jobs.
    const { rows } = await database.pool.query<{ n: number; status: string; why: string | null }>({
      name: 'bench-made',
      text: `select t.status, t.errordialog as why, coalesce(d.nfiles, 0)::int as n from doma_panda.jedi_tasks t
             left join doma_panda.jedi_datasets d on d.jeditaskid = t.jeditaskid and d.type = 'log' where t.jeditaskid = $1`,
      values: [id],
    });
    const [task] = rows;
    if ((task?.n ?? 0) >= jobs) break;
    if (task?.why) throw new Error(`task ${id} is ${task.status}: ${task.why}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const text = "select count(*)::int as n from doma_panda.jobs_live where jeditaskid = $1 and jobstatus = 'activated'";
  const { rows } = await database.pool.query<{ n: number }>(text, [id]);
  if ((rows[0]?.n ?? 0) < jobs) throw new Error(`of task ${id} only ${rows[0]?.n} jobs are activated`);
}
