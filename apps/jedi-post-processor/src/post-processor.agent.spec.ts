import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConclusionRepository, DdmRepository, TaskClaims } from '@panda/database';
import { CatalogDdm } from '@panda/ddm-catalog';
import { datasetName, taskStatus } from '@panda/domain';
import { aDataset, aJob, aTask, insertRows, pg, type TestDatabase, testRuntime } from '@panda/testing';
import { PostProcessorAgent } from './post-processor.agent.js';
import { postProcessorKeys } from './post-processor.config.js';

describe('the post processor', () => {
  let db: TestDatabase;
  let agent: PostProcessorAgent;
  let ddm: CatalogDdm;

  beforeAll(async () => {
    db = await pg();
    ddm = new CatalogDdm(new DdmRepository(db.database));
    agent = new PostProcessorAgent(
      testRuntime(),
      postProcessorKeys.with({}),
      new TaskClaims(db.database),
      new ConclusionRepository(db.database),
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
