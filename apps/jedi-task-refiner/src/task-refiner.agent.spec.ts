import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DdmRepository, OperatorTables, RefinementRepository, TaskClaims } from '@panda/database';
import { CatalogDdm } from '@panda/ddm-catalog';
import { datasetName, taskStatus } from '@panda/domain';
import { aTask, insertRows, pg, type TestDatabase, testRuntime } from '@panda/testing';
import { RefineWorldReader } from './refine-world.js';
import { TaskRefinerAgent } from './task-refiner.agent.js';
import { taskRefinerKeys } from './task-refiner.config.js';

const recorded = new URL('../../../libs/domain/src/refine/fixtures/', import.meta.url);

describe('the task refiner', () => {
  let db: TestDatabase;
  let agent: TaskRefinerAgent;
  let ddm: CatalogDdm;

  beforeAll(async () => {
    db = await pg();
    ddm = new CatalogDdm(new DdmRepository(db.database));
    const runtime = testRuntime();
    const config = taskRefinerKeys.with({ serverUrl: 'http://gateway:25080' });
    const world = new RefineWorldReader(new OperatorTables(db.database, runtime.clock), runtime.ids, config);
    agent = new TaskRefinerAgent(runtime, config, new TaskClaims(db.database), new RefinementRepository(db.database), world, ddm);
  });
  afterAll(() => db.close());

  /** A recorded map of the real client with what the gateway sets itself. */
  const map = async (file: string) => {
    const recordedMap = JSON.parse(await readFile(new URL(file, recorded), 'utf8')) as Record<string, unknown>;
    const { taskName: _, ...rest } = recordedMap; // each task of a test gets a name of its own
    return { ...rest, vo: 'wlcg', userName: 'alice', taskType: 'anal', taskPriority: 1000 };
  };
  const submitted = async (id: number, parameters: object | string, task: Record<string, string | number> = {}) => {
    await insertRows(db.database, aTask(id).inStatus(taskStatus.registered).with(task));
    const text =
      typeof parameters === 'string' ? parameters : JSON.stringify({ taskName: `user.alice.task${id}/`, ...parameters });
    await db.database.pool.query('insert into doma_panda.jedi_taskparams (jeditaskid, taskparams) values ($1, $2)', [id, text]);
  };
  const rows = async (sql: string) => (await db.database.pool.query(sql)).rows as Record<string, unknown>[];
  const task = async (id: number) =>
    (
      await rows(
        `select status, oldstatus, errordialog, lockedby, transpath, splitrule from doma_panda.jedi_tasks where jeditaskid = ${id}`,
      )
    )[0];
  /** Topics of the messages about a task. */
  const messagesAbout = async (id: number) =>
    (await rows(`select routing_key from panda_ops.outbox where aggregate = 'task:${id}' order by ord`)).map(
      ({ routing_key }) => routing_key,
    );
  const refine = (...ids: number[]) => agent.runOnce({ ids, sweep: false });

  it('JEDI-refiner-01 turns a recorded submission into a task with datasets, templates and a message to the feeder', async () => {
    await submitted(1, await map('prun-no-input.json'));
    expect(await refine(1)).toMatchObject({ claimed: 1, done: 1, more: false });
    expect(await task(1)).toMatchObject({
      status: 'defined',
      lockedby: null,
      transpath: 'http://gateway:25080/trf/user/runGen-00-00-02',
    });
    const datasets = await rows(
      'select type, masterid, status, nfiles from doma_panda.jedi_datasets where jeditaskid = 1 order by datasetid',
    );
    expect(datasets[0]).toEqual({ type: 'pseudo_input', masterid: null, status: 'defined', nfiles: 0 });
    expect(datasets.map(({ type }) => type)).toEqual(expect.arrayContaining(['output', 'log']));
    expect(await rows('select streamname from doma_panda.jedi_output_template where jeditaskid = 1')).not.toHaveLength(0);
    expect(await messagesAbout(1)).toEqual(['task.refined']);
  });

  it('makes secondary datasets follow the last master', async () => {
    const parameters = (await map('prun-input-build.json')) as unknown as {
      jobParameters: { dataset?: string; param_type?: string }[];
    };
    const inputs = parameters.jobParameters
      .filter(({ param_type }) => param_type === 'input')
      .map(({ dataset }) => dataset ?? '');
    for (const name of inputs.flatMap((names) => names.split(','))) await ddm.register([datasetName(name)]);
    await submitted(2, parameters);
    await refine(2);
    expect(await task(2)).toMatchObject({ status: 'defined', errordialog: null });
    expect(
      (
        await rows(
          "select count(*)::int as n from doma_panda.jedi_datasets where jeditaskid = 2 and type = 'input' and masterid is null",
        )
      )[0],
    ).toMatchObject({ n: 1 });
  });

  it('JEDI-refiner-03 breaks a task whose parameters cannot be used, with the reason', async () => {
    await submitted(3, '{"taskName": "x"');
    await submitted(4, { taskName: 'x' });
    expect(await refine(3, 4)).toMatchObject({ claimed: 2, failed: 2 });
    expect(await task(3)).toMatchObject({ status: 'tobroken', errordialog: 'the task parameters are not a JSON object' });
    expect((await task(4))?.errordialog).toMatch(/userName/);
    expect(await rows('select * from doma_panda.jedi_datasets where jeditaskid in (3, 4)')).toEqual([]);
    expect([await messagesAbout(3), await messagesAbout(4)]).toEqual([['task.prepared'], ['task.prepared']]);
  });

  it('breaks a task over a dataset nobody knows, and waits when it was told to', async () => {
    const text = JSON.stringify(await map('prun-input-build.json')).replaceAll('user.bob.', 'user.nobody.');
    const parameters = JSON.parse(text) as object;
    await submitted(5, parameters);
    await submitted(6, { ...parameters, waitInput: true });
    await refine(5, 6);
    expect(await task(5)).toMatchObject({ status: 'tobroken', errordialog: expect.stringContaining('unknown input dataset') });
    expect(await task(6)).toMatchObject({
      status: 'pending',
      oldstatus: 'registered',
      errordialog: 'pending until input is staged',
      lockedby: null,
    });
  });

  it('waits for a parent that is still at work, and breaks with one that failed', async () => {
    await insertRows(db.database, aTask(10).running(), aTask(11).inStatus(taskStatus.failed));
    const parameters = await map('prun-no-input.json');
    await submitted(12, parameters, { parent_tid: 10 });
    await submitted(13, parameters, { parent_tid: 11 });
    await refine(12, 13);
    expect(await task(12)).toMatchObject({ status: 'pending', errordialog: 'pending until parent task 10 is done' });
    expect(await task(13)).toMatchObject({ status: 'tobroken', errordialog: 'parent task 11 failed to complete' });
  });

  it('adopts a task that an outside production system wrote into T_TASK, once', async () => {
    const parameters = JSON.stringify({ ...(await map('prun-no-input.json')), taskName: 'user.alice.adopted/' });
    await db.database.pool.query(
      "insert into doma_deft.t_task (taskid, status, submit_time, vo, prodsourcelabel, taskname, username, priority, parent_tid, jedi_task_parameters) values (20, 'waiting', now(), 'wlcg', 'user', 'x', 'alice', 900, 20, $1)",
      [parameters],
    );
    await agent.runOnce(); // the sweep finds what no message announced
    await agent.runOnce();
    expect(await task(20)).toMatchObject({ status: 'defined' });
    expect(await rows('select status from doma_deft.t_task where taskid = 20')).toEqual([{ status: 'defined' }]);
    expect(await rows('select status from doma_panda.tasks_statuslog where jeditaskid = 20')).toEqual([
      { status: 'registered' },
      { status: 'defined' },
    ]);
  });

  it('ends a second task of the same unique name, naming the first', async () => {
    const parameters = { ...(await map('prun-no-input.json')), taskName: 'user.alice.twice/' };
    await submitted(40, parameters);
    await submitted(41, parameters);
    await refine(40, 41);
    expect(await task(40)).toMatchObject({ status: 'defined' });
    expect(await task(41)).toMatchObject({ status: 'toabort', errordialog: 'jediTaskID=40 of the same name is still under way' });
  });

  it('leaves a task alone that another refiner holds', async () => {
    await submitted(30, await map('prun-no-input.json'), {
      lockedby: 'task-refiner:other',
      lockedtime: new Date().toISOString(),
    });
    expect(await refine(30)).toMatchObject({ claimed: 0 });
  });
});
