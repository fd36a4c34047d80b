import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { NO_FENCE, type ScriptRun } from '@panda/agents';
import { OperationalConfig } from '@panda/config';
import { DatabaseConfigRows, FailedJobRepository, OperatorTables, PresenceRepository, TimeoutRepository } from '@panda/database';
import {
  aJob,
  aTaskWithPickedFiles,
  emptyTables,
  insertRows,
  type JobBuilder,
  pg,
  storedJobs,
  type TestDatabase,
  type TestRuntime,
  taskTables,
  testRuntime,
} from '@panda/testing';
import { RetryModule } from '../retry/retry-module.js';
import { WatcherScript } from './watcher.script.js';

const run: ScriptRun = { arguments: [], signal: new AbortController().signal, fence: NO_FENCE };

describe('the watcher', () => {
  let db: TestDatabase;
  let runtime: TestRuntime;

  beforeAll(async () => {
    db = await pg();
  });
  afterAll(() => db.close());
  beforeEach(() => emptyTables(db.database, ...taskTables, 'doma_panda.config', 'panda_ops.presence', 'panda_ops.interruption'));

  const rows = async (sql: string) => (await db.database.pool.query(sql)).rows as Record<string, unknown>[];
  const job = async (id: number) =>
    (
      await rows(
        `select jobstatus, jobdispatchererrorcode as dispatcher, taskbuffererrorcode as buffer from doma_panda.jobs where pandaid = ${id}`,
      )
    )[0];
  const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString().slice(0, -1);
  /** A job that has been silent for so many hours. */
  const silent = (id: number, status: Parameters<JobBuilder['inStatus']>[0], hours: number) => {
    const then = hoursAgo(hours);
    const times = { creationtime: then, modificationtime: then, statechangetime: then };
    return aJob(id).inStatus(status).with(times);
  };
  async function sweep(jobs = new TimeoutRepository(db.database)): Promise<void> {
    runtime = testRuntime();
    const config = new OperationalConfig(new DatabaseConfigRows(db.database));
    await config.refresh();
    const tables = new OperatorTables(db.database, runtime.clock);
    await new WatcherScript(
      jobs,
      new PresenceRepository(db.database),
      tables,
      config,
      new RetryModule(new FailedJobRepository(db.database), tables, runtime),
      runtime,
    ).run(run);
  }
  const configure = (component: string, key: string, value: string) =>
    db.database.pool.query(
      "insert into doma_panda.config (app, component, key, value, type, vo, descr) values ('pandaserver', $1, $2, $3, 'int', 'any', '')",
      [component, key, value],
    );

  it('BASIC-60 SERVER-modules-03 TIMEOUTS-09 fails a job whose heartbeat is lost, as of its last sign of life, and gives its input another attempt', async () => {
    const jobs = await aTaskWithPickedFiles(db.database, 1);
    const [id = 0] = await storedJobs(db.database, jobs);
    const last = hoursAgo(3);
    await db.database.pool.query(
      "update doma_panda.jobs set jobstatus = 'running', starttime = $2, modificationtime = $2 where pandaid = $1",
      [id, last],
    );
    await sweep();
    expect(await job(id)).toEqual({ jobstatus: 'failed', dispatcher: 100, buffer: 0 });
    expect(await rows(`select endtime = '${last}' as silent from doma_panda.jobs where pandaid = ${id}`)).toEqual([
      { silent: true },
    ]);
    expect(
      await rows('select status, attemptnr, failedattempt from doma_panda.jedi_dataset_contents where datasetid = 10'),
    ).toEqual([{ status: 'ready', attemptnr: 1, failedattempt: 1 }]);
    const topics = await rows("select type from panda_ops.outbox where type like 'task.%' order by ord");
    expect(topics).toEqual([{ type: 'task.progressed' }, { type: 'task.ready' }]);
  });

  it('leaves alone who reports, whose report waits for the adder, and whose time has not come', async () => {
    await insertRows(
      db.database,
      silent(1, 'running', 1.9).with({ starttime: hoursAgo(30) }),
      silent(2, 'holding', 4),
      silent(3, 'activated', 40).withPriority(100),
      silent(4, 'sent', 0.4),
    );
    await rows("insert into doma_panda.job_output_report (pandaid, attemptnr, jobstatus) values (2, 1, 'finished')");
    await sweep();
    expect(await rows('select pandaid from doma_panda.jobs where is_final')).toEqual([]);
  });

  it.each([
    ['TIMEOUTS-07: a hand-out without reply', 'sent', 0.6, {}, 102],
    ['output of a user that never came', 'holding', 3.1, {}, 103],
    ['a transfer of a user’s output', 'transferring', 2.1, {}, 104],
    ['a lost job with an error text already', 'running', 2.1, { piloterrordiag: 'no space left' }, 101],
  ] as const)('fails %s', async (_title, status, hours, columns, code) => {
    await insertRows(db.database, silent(10, status, hours).with({ ...columns }));
    await sweep();
    expect(await job(10)).toEqual({ jobstatus: 'failed', dispatcher: code, buffer: 0 });
  });

  it('TIMEOUTS-01 closes a job that is pending for an hour', async () => {
    await insertRows(db.database, silent(11, 'pending', 1.1));
    await sweep();
    expect(await job(11)).toEqual({ jobstatus: 'closed', dispatcher: 0, buffer: 102 });
  });

  it('D6 never overrules a heartbeat that comes between the look and the end', async () => {
    await insertRows(db.database, silent(12, 'running', 3).with({ starttime: hoursAgo(3) }));
    const beats = new (class extends TimeoutRepository {
      override async look(page: Parameters<TimeoutRepository['look']>[0]) {
        const found = await super.look(page);
        await rows('update doma_panda.jobs set modificationtime = panda_ops.utc_now() where pandaid = 12');
        return found;
      }
    })(db.database);
    await sweep(beats);
    expect(await job(12)).toMatchObject({ jobstatus: 'running' });
    expect(runtime.log.messages('info')).not.toContain('job timed out');
  });

  it('TIMEOUTS-09 takes limits from the CONFIG table', async () => {
    await configure('watcher', 'HEARTBEAT_TIMEOUT_analysis', '5');
    await configure('job_timeout', 'TIMEOUT_pending', '3');
    await insertRows(db.database, silent(13, 'running', 4), silent(14, 'pending', 2), silent(15, 'running', 5.1));
    await sweep();
    expect(await job(13)).toMatchObject({ jobstatus: 'running' });
    expect(await job(14)).toMatchObject({ jobstatus: 'pending' });
    expect(await job(15)).toMatchObject({ jobstatus: 'failed' });
  });

  it('waits longer for pilots after the gateway was away, also while it still is', async () => {
    await insertRows(db.database, silent(16, 'running', 2.5));
    await rows("insert into panda_ops.presence (name, seen_at) values ('gateway', now() - interval '50 minutes')");
    await sweep();
    expect(await job(16)).toMatchObject({ jobstatus: 'running' });
    await new PresenceRepository(db.database).mark('gateway');
    expect(
      await rows('select round(extract(epoch from to_at - from_at) / 60)::int as minutes from panda_ops.interruption'),
    ).toEqual([{ minutes: 50 }]);
    await sweep();
    expect(await job(16)).toMatchObject({ jobstatus: 'running' });
    await rows('delete from panda_ops.interruption');
    await sweep();
    expect(await job(16)).toMatchObject({ jobstatus: 'failed', dispatcher: 100 });
  });

  it('fails no more jobs in one sweep than it may, and says that it left some', async () => {
    await configure('watcher', 'SWEEP_MAX_FAILED', '1');
    await insertRows(db.database, silent(20, 'running', 3), silent(21, 'running', 3), silent(22, 'pending', 2));
    await sweep();
    expect(await rows('select jobstatus, count(*)::int as n from doma_panda.jobs group by 1 order by 1')).toEqual([
      { jobstatus: 'closed', n: 1 },
      { jobstatus: 'failed', n: 1 },
      { jobstatus: 'running', n: 1 },
    ]);
    expect(runtime.log.lines.find(({ level }) => level === 'error')?.facts).toMatchObject({ left: 1 });
  });
});
