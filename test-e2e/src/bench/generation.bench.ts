import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DdmRepository, type NewSite, SiteRepository } from '@panda/database';
import { CatalogDdm } from '@panda/ddm-catalog';
import type { TaskParameters } from '@panda/domain';
import { aFedTask, aQueue, pg, type TestDatabase } from '@panda/testing';
import { ServiceProcess } from '../worker-node/service-process.js';
import { copyAgain, everythingOfJobs } from './copied-rows.js';
import type { Measurement } from './measure.js';

const JOBS = 10_000;
const PAIRS = 5;
const SMALL_TASKS = 20;
const LARGE_TASKS = 3;
const QUEUE = 'BENCH_QUEUE';
const POLL_MS = 3;
const recorded = 'libs/domain/src/refine/fixtures/prun-no-input.json';

const site: NewSite = {
  site: 'BENCH',
  endpoint: { name: 'BENCH_DISK', baseUrl: 'file:///nonexistent', spaceGb: 1_000_000 },
  harvester: 'nobody',
  queue: { name: QUEUE, data: aQueue(QUEUE).columns.data as Record<string, unknown> },
};

/** Jobs made by the generator beside a COPY of the rows it wrote, and the way of a task from its submission. Goals G8, G10. */
export async function generationBench(): Promise<Measurement[]> {
  const db = await pg({ max: 4 });
  await new SiteRepository(db.database).register(site);
  const parameters = JSON.parse(await readFile(recorded, 'utf8')) as TaskParameters;
  try {
    return [await besideCopy(db, parameters), ...(await fromSubmission(db, parameters))];
  } finally {
    await db.close();
  }
}

/** The generator is a process of its own; it is woken through the outbox and the bus, as ever. */
async function besideCopy(db: TestDatabase, parameters: TaskParameters): Promise<Measurement> {
  const generator = await ServiceProcess.start('jedi-job-generator', environment(db));
  const ddm = new CatalogDdm(new DdmRepository(db.database));
  const measured: { ours: number; bare: number }[] = [];
  try {
    for (let n = 0; n <= PAIRS; n++) {
      const id = 1_000 + n;
      await aFedTask(db.database, ddm, id, mapOf(parameters, id, JOBS));
      const from = performance.now();
      await whenActivated(db, id, JOBS);
      const ours = (JOBS * 1_000) / (performance.now() - from);
      const bare = await copyAgain(db, await everythingOfJobs(db, id), JOBS);
      if (n > 0) measured.push({ ours, bare }); // the first warms plans and compiled code
    }
  } finally {
    await generator.stop();
  }
  const median = measured.sort((a, b) => a.ours / a.bare - b.ours / b.bare)[Math.floor(PAIRS / 2)];
  if (!median) throw new Error('nothing was measured');
  return {
    what: `jobs made of a ${JOBS}-job task with files, parameters and log, beside COPY of the same rows`,
    unit: 'jobs/s',
    ...median,
  };
}

/** All services in one process on the bus of PostgreSQL: insertTaskParams until jobs can be fetched. */
async function fromSubmission(db: TestDatabase, parameters: TaskParameters): Promise<Measurement[]> {
  const queues = join(tmpdir(), `bench-queues-${process.pid}.json`);
  await writeFile(queues, '{}');
  const env = { ...environment(db), PANDA_HARVESTER_QUEUECONFIG: queues, PANDA_HARVESTER_STATE: `${queues}.state` };
  const fleet = await ServiceProcess.start('box', env, 'all-in-one.js');
  try {
    const run = async (jobs: number, times: number) => {
      const found: { first: number; all: number }[] = [];
      for (let n = 0; n < times; n++) found.push(await submitted(db, fleet.port, mapOf(parameters, `${jobs}-${n}`, jobs), jobs));
      return found;
    };
    await run(100, 3); // warm
    const small = await run(101, SMALL_TASKS);
    const large = await run(1_000, LARGE_TASKS);
    const huge = await run(JOBS, 1);
    const line = (what: string, values: number[], part: number) => ({ what, unit: 'ms' as const, ours: rank(values, part) });
    return [
      line(
        `submit → first job activated, p95 of ${SMALL_TASKS} tasks of 100 jobs`,
        small.map(({ first }) => first),
        0.95,
      ),
      line(
        `submit → all activated, p95 of ${SMALL_TASKS} tasks of 100 jobs`,
        small.map(({ all }) => all),
        0.95,
      ),
      line(
        `submit → all activated, worst of ${LARGE_TASKS} tasks of 1000 jobs`,
        large.map(({ all }) => all),
        1,
      ),
      line(
        `submit → first job activated, one task of ${JOBS} jobs`,
        huge.map(({ first }) => first),
        1,
      ),
      line(
        `submit → all activated, one task of ${JOBS} jobs`,
        huge.map(({ all }) => all),
        1,
      ),
    ];
  } finally {
    await fleet.stop();
    await rm(queues, { force: true });
    await rm(`${queues}.state`, { force: true, recursive: true });
  }
}

/** ms from sending the request until the first and until the last job can be fetched. */
async function submitted(
  db: TestDatabase,
  port: number,
  map: TaskParameters,
  jobs: number,
): Promise<{ first: number; all: number }> {
  const from = performance.now();
  const answer = await fetch(`http://127.0.0.1:${port}/server/panda/insertTaskParams`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ taskParams: JSON.stringify(map), properErrorCode: 'True' }).toString(),
  });
  const text = await answer.text();
  const id = Number(/jediTaskID=(\d+)/.exec(text)?.[1]);
  if (!id) throw new Error(`insertTaskParams answered ${answer.status}: ${text.slice(0, 300)}`);
  await whenActivated(db, id, 1);
  const first = performance.now() - from;
  await whenActivated(db, id, jobs);
  return { first, all: performance.now() - from };
}

/** Looks until so many jobs of the task can be fetched. Throws when the task waits or breaks instead. */
async function whenActivated({ database }: TestDatabase, id: number, jobs: number): Promise<void> {
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

/** The recorded prun submission with so many jobs, without scouts and for any queue. */
function mapOf(parameters: TaskParameters, name: number | string, jobs: number): TaskParameters {
  const server = { vo: 'wlcg', userName: 'bench', taskType: 'anal', taskPriority: 1000 };
  return { ...parameters, ...server, taskName: `user.bench.${name}/`, site: null, skipScout: true, nEvents: jobs };
}

function environment(db: TestDatabase): Record<string, string> {
  return {
    DATABASE_URL: db.url,
    BUS: 'postgres',
    PANDA_HTTP_PORT: '0',
    PANDA_HTTP_HOST: '127.0.0.1',
    PANDA_DEVELOPMENT_USER: 'bench',
    PANDA_LOG_LEVEL: 'info',
    PANDA_DB_POOL_MAX: '16',
  };
}

function rank(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}
