import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConclusionRepository, DdmRepository, TaskClaims } from '@panda/database';
import { CatalogDdm } from '@panda/ddm-catalog';
import { datasetName, type OutputFileStatus, taskStatus } from '@panda/domain';
import { aDataset, aFile, aJob, aTask, insertRows, pg, type TestDatabase, testRuntime } from '@panda/testing';
import { OutputValidation } from './output-validation.js';
import { PostProcessorAgent } from './post-processor.agent.js';
import { postProcessorKeys } from './post-processor.config.js';

describe('the post processor', () => {
  let db: TestDatabase;
  let agent: PostProcessorAgent;
  let ddm: CatalogDdm;

  beforeAll(async () => {
    db = await pg();
    ddm = new CatalogDdm(new DdmRepository(db.database));
    const tasks = new ConclusionRepository(db.database);
    agent = new PostProcessorAgent(
      testRuntime(),
      postProcessorKeys.with({}),
      new TaskClaims(db.database),
      tasks,
      new OutputValidation(tasks, ddm),
      ddm,
    );
  });
  afterAll(() => db.close());

  const rows = async (sql: string) => (await db.database.pool.query(sql)).rows as Record<string, unknown>[];
  const task = async (id: number) =>
    (
      await rows(
        `select status, oldstatus, progress, failurerate, errordialog, lockedby, endtime is not null as ended from doma_panda.jedi_tasks where jeditaskid = ${id}`,
      )
    )[0];
  const topicsOf = async (id: number) =>
    (await rows(`select routing_key from panda_ops.outbox where aggregate = 'task:${id}' order by ord`)).map(
      ({ routing_key }) => routing_key,
    );
  const conclude = (...ids: number[]) => agent.runOnce({ ids, sweep: false });
  /** A prepared task with one master of `files` files, of which some finished and failed, and an output dataset. */
  const prepared = async (
    id: number,
    [files, finished, failed]: [number, number, number],
    columns: Record<string, string | number> = {},
  ) => {
    await insertRows(
      db.database,
      aTask(id).inStatus(taskStatus.prepared).with(columns),
      aDataset(10 * id)
        .ofTask(id)
        .counting(files, finished + failed, finished, failed),
      aDataset(10 * id + 1)
        .ofTask(id)
        .output()
        .with({ datasetname: `user.alice.out${id}`, nfiles: files, nfilesfinished: finished }),
    );
    await ddm.register([datasetName(`user.alice.out${id}`)]);
  };

  it.each([
    ['JEDI-postproc-01 ends done when all input finished', 1, [4, 4, 0], 'done', { progress: 100, failurerate: 0 }],
    ['ends finished when a part failed', 2, [4, 3, 1], 'finished', { progress: 75, failurerate: 25 }],
    ['ends failed when nothing finished', 3, [4, 0, 4], 'failed', { progress: 0, failurerate: 100 }],
  ] as const)('%s', async (_title, id, counts, status, figures) => {
    await prepared(id, [...counts]);
    expect(await conclude(id)).toMatchObject({ claimed: 1, done: 1 });
    expect(await task(id)).toMatchObject({ status, lockedby: null, ended: true, ...figures });
  });

  it('SERVER-modules-04 closes output datasets, says how complete they are, and erases those that stayed empty', async () => {
    await prepared(4, [2, 1, 1]);
    await ddm.addFiles(datasetName('user.alice.out4'), 'LOCAL', [{ scope: 'user.alice', lfn: 'one', size: 1 }]);
    await prepared(5, [2, 0, 2]);
    await conclude(4, 5);
    expect(
      await rows('select status, nfiles from doma_panda.jedi_datasets where datasetid in (41, 51) order by datasetid'),
    ).toEqual([
      { status: 'finished', nfiles: 1 },
      { status: 'failed', nfiles: 0 },
    ]);
    expect(await ddm.describe(['user.alice.out4', 'user.alice.out5'].map(datasetName))).toMatchObject([
      { name: 'user.alice.out4', open: false },
    ]);
  });

  /** An output that a job registered with data management, and what its settlement made of it. */
  const output = async (
    taskId: number,
    fileId: number,
    status: OutputFileStatus,
    over: { size?: number; events?: [number, number] } = {},
  ) => {
    const file = aFile(fileId)
      .in(taskId, 10 * taskId + 1)
      .output()
      .inStatus(status);
    const [startevent, endevent] = over.events ?? [null, null];
    await insertRows(db.database, file.with({ fsize: 1_000, startevent, endevent }));
    const { lfn } = file.columns as { lfn: string };
    if (over.size !== 0) {
      await ddm.addFiles(datasetName(`user.alice.out${taskId}`), 'LOCAL', [
        { scope: 'user.alice', lfn, size: over.size ?? 1_000 },
      ]);
    }
    return lfn;
  };
  const registered = async (taskId: number) =>
    (await ddm.files(datasetName(`user.alice.out${taskId}`))).map(({ lfn }) => lfn).toSorted();

  it('JEDI-postproc-02 removes what failed jobs left behind, and a task with a missing or corrupt output is not done', async () => {
    await prepared(40, [3, 3, 0]);
    const good = await output(40, 401, 'finished');
    const corrupt = await output(40, 402, 'finished', { size: 999 });
    const missing = await output(40, 403, 'finished', { size: 0 });
    await output(40, 404, 'failed');
    await output(40, 405, 'cancelled');
    await ddm.addFiles(datasetName('user.alice.out40'), 'LOCAL', [{ scope: 'user.alice', lfn: 'of.another.task', size: 5 }]);
    await prepared(41, [1, 1, 0]);
    await output(41, 411, 'finished');
    await conclude(40, 41);
    expect(await task(40)).toMatchObject({
      status: 'finished',
      errordialog: `all input finished, but output is missing or corrupt: ${corrupt}, ${missing}`,
    });
    expect(await registered(40)).toEqual([good, corrupt, 'of.another.task'].toSorted());
    expect(await rows(`select count(*)::int as n from panda_ops.ddm_replica where lfn like '%404.root'`)).toEqual([{ n: 0 }]);
    expect(await task(41)).toMatchObject({ status: 'done', errordialog: null });
  });

  it('JEDI-postproc-02 a task is not done whose output has no good replica left', async () => {
    await prepared(42, [1, 1, 0]);
    const lfn = await output(42, 421, 'finished');
    await rows(`update panda_ops.ddm_replica set state = 'bad' where lfn = '${lfn}'`);
    await conclude(42);
    expect(await task(42)).toMatchObject({ status: 'finished', errordialog: expect.stringContaining(lfn) });
  });

  it('JEDI-postproc-03 keeps one file of two that jobs wrote for the same events', async () => {
    await prepared(43, [1, 1, 0]);
    const kept = await output(43, 431, 'finished', { events: [0, 99] });
    await output(43, 432, 'failed', { events: [0, 99] }); // registered by a job that was given up, and done again by another
    await conclude(43);
    expect(await registered(43)).toEqual([kept]);
    expect(await task(43)).toMatchObject({ status: 'done' });
    expect(await rows('select nfiles from doma_panda.jedi_datasets where datasetid = 431')).toEqual([{ nfiles: 1 }]);
  });

  it('keeps the logs of failed jobs', async () => {
    await prepared(45, [1, 0, 1]);
    const name = datasetName('user.alice.log45');
    await insertRows(
      db.database,
      aDataset(452).ofTask(45).output().with({ type: 'log', datasetname: 'user.alice.log45' }),
      aFile(4520).in(45, 452).output().inStatus('failed').with({ type: 'log', lfn: 'log45.tgz' }),
    );
    await ddm.register([name]);
    await ddm.addFiles(name, 'LOCAL', [{ scope: 'user.alice', lfn: 'log45.tgz', size: 10 }]);
    await conclude(45);
    expect(await task(45)).toMatchObject({ status: 'failed' });
    expect(await ddm.files(name)).toMatchObject([{ lfn: 'log45.tgz' }]);
  });

  it('T2 waits while a job of the task is alive', async () => {
    await prepared(6, [1, 1, 0]);
    await insertRows(db.database, aJob(600).with({ jeditaskid: 6 }));
    expect(await conclude(6)).toMatchObject({ claimed: 1, done: 0, waiting: 1 });
    expect(await task(6)).toMatchObject({ status: 'prepared', lockedby: null });
  });

  it('ends the live jobs of a broken task at once, and then the task', async () => {
    await insertRows(
      db.database,
      aTask(30).inStatus(taskStatus.tobroken),
      aJob(3000).ofTask(30),
      aJob(3001).ofTask(30).inStatus('running'),
    );
    expect(await conclude(30)).toMatchObject({ claimed: 1, done: 1, waiting: 0 });
    expect(await rows('select distinct jobstatus from doma_panda.jobs where jeditaskid = 30')).toEqual([
      { jobstatus: 'cancelled' },
    ]);
    expect(await task(30)).toMatchObject({ status: 'broken', lockedby: null });
  });

  it('opens the avalanche of a measured task and wakes the job generator', async () => {
    await insertRows(db.database, aTask(7).inStatus(taskStatus.scouted));
    await conclude(7);
    expect(await task(7)).toMatchObject({ status: 'running', lockedby: null });
    expect(await topicsOf(7)).toEqual(['task.ready', 'task.progressed']);
  });

  it('ends the children of a broken task', async () => {
    await insertRows(
      db.database,
      aTask(8).inStatus(taskStatus.tobroken).with({ errordialog: 'bad input' }),
      aTask(9).inStatus(taskStatus.pending).childOf(8).with({ oldstatus: taskStatus.registered }),
    );
    await conclude(8);
    expect(await task(8)).toMatchObject({ status: 'broken', errordialog: 'bad input' });
    expect(await task(9)).toMatchObject({ status: 'toabort', errordialog: 'parent task 8 ended broken' });
    expect(await topicsOf(9)).toEqual(['task.prepared']);
  });

  it('JEDI-postproc-05 releases the children of a finished task where they waited', async () => {
    await prepared(20, [1, 1, 0]);
    await insertRows(
      db.database,
      aTask(21)
        .inStatus(taskStatus.pending)
        .childOf(20)
        .with({ oldstatus: taskStatus.registered, errordialog: 'pending until parent task 20 is done' }),
    );
    await conclude(20);
    expect(await task(21)).toMatchObject({ status: 'registered', oldstatus: null, errordialog: null });
    expect(await topicsOf(21)).toEqual(['task.submitted']);
  });

  it('a task that misses its goal waits for its user when it asked for that', async () => {
    await prepared(22, [10, 5, 5], { splitrule: 'UX=1', goal: 900 });
    await conclude(22);
    expect(await task(22)).toMatchObject({
      status: 'exhausted',
      oldstatus: 'prepared',
      errordialog: '500 of 1000 processed, the goal is 900',
    });
    expect(await ddm.describe([datasetName('user.alice.out22')])).toMatchObject([{ open: true }]);
  });
});
