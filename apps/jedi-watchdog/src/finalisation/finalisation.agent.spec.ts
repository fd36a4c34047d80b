import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OperationalConfig } from '@panda/config';
import { FinalisationRepository, OperatorTables } from '@panda/database';
import { inputFileStatus, jobStatus, judgeTaskCommand, taskStatus } from '@panda/domain';
import { aDataset, aFile, aJob, aTask, insertRows, pg, type TestDatabase, testRuntime } from '@panda/testing';
import { watchdogKeys } from '../watchdog.config.js';
import { FinalisationAgent } from './finalisation.agent.js';
import { MeasurementSettingsReader } from './measurement-settings.js';

describe('finalisation', () => {
  let db: TestDatabase;
  let agent: FinalisationAgent;
  const config = new OperationalConfig();

  beforeAll(async () => {
    db = await pg();
    const runtime = testRuntime();
    const reader = new MeasurementSettingsReader(config, new OperatorTables(db.database, runtime.clock));
    agent = new FinalisationAgent(runtime, watchdogKeys.with({}), new FinalisationRepository(db.database), reader);
  });
  afterAll(() => db.close());

  const rows = async (sql: string) => (await db.database.pool.query(sql)).rows as Record<string, unknown>[];
  const task = async (id: number) => (await rows(`select * from doma_panda.jedi_tasks where jeditaskid = ${id}`))[0];
  const statusOf = async (id: number) => (await task(id))?.status;
  const topicsOf = async (id: number) =>
    (await rows(`select routing_key from panda_ops.outbox where aggregate = 'task:${id}' order by ord`)).map(
      ({ routing_key }) => routing_key,
    );
  const datasets = (id: number) =>
    rows(
      `select type, status, nfilestobeused as usable from doma_panda.jedi_datasets where jeditaskid = ${id} order by datasetid`,
    );
  const finalise = (...ids: number[]) => agent.runOnce({ ids, sweep: false });
  /** A task with one master and an output dataset. */
  const withInput = (id: number, status: 'running' | 'scouting', [files, finished, failed]: [number, number, number]) =>
    insertRows(
      db.database,
      aTask(id)
        .inStatus(taskStatus[status])
        .with({ walltimeunit: 'kSI2kseconds', ...(status === 'scouting' ? { walltimeunit: null as never } : {}) }),
      aDataset(10 * id)
        .ofTask(id)
        .counting(files, finished + failed, finished, failed),
      aDataset(10 * id + 1)
        .ofTask(id)
        .output(),
    );
  /** Scouts of 20 files: ten may be used, one job each; these many have finished or failed for good. */
  const scouting = async (id: number, finished: number, failed: number, columns: Record<string, string | number> = {}) => {
    await withInput(id, 'scouting', [20, finished, failed]);
    await rows(`update doma_panda.jedi_datasets set nfilestobeused = 10, nfilesused = 10 where datasetid = ${10 * id}`);
    await rows(
      `update doma_panda.jedi_tasks set splitrule = 'US=2', ramunit = 'MBPerCore', ramcount = 500, outdiskunit = 'kB' where jeditaskid = ${id}`,
    );
    for (const [name, value] of Object.entries(columns)) {
      await rows(`update doma_panda.jedi_tasks set ${name} = '${value}' where jeditaskid = ${id}`);
    }
    for (let n = 0; n < 20; n += 1) {
      const settled: Record<string, string | number> =
        n < finished ? { status: inputFileStatus.finished } : n < finished + failed ? { attemptnr: 3 } : {};
      const made =
        n < 10 ? { pandaid: 1000 * id + n, ...(n < finished + failed ? {} : { status: inputFileStatus.running }) } : {};
      const file = aFile(1000 * id + n).in(id, 10 * id);
      await insertRows(db.database, file.with({ ...made, ...settled }));
      if (n < finished) await insertRows(db.database, scoutJob(id, 1000 * id + n));
    }
  };
  const scoutJob = (id: number, pandaId: number) =>
    aJob(pandaId).ofTask(id).inStatus(jobStatus.finished).with({
      starttime: '2026-01-01T00:00:00',
      endtime: '2026-01-01T10:00:00',
      cpuconsumptiontime: 30_000,
      maxpss: 2_048_000,
      outputfilebytes: 5_000_000,
    });

  it('hands a task whose input has an outcome to the post processor, with its datasets', async () => {
    await withInput(1, 'running', [4, 3, 1]);
    expect(await finalise(1)).toMatchObject({ claimed: 1, done: 1 });
    expect(await statusOf(1)).toBe('prepared');
    expect(await datasets(1)).toMatchObject([
      { type: 'input', status: 'finished' },
      { type: 'output', status: 'prepared' },
    ]);
    expect(await topicsOf(1)).toEqual(['task.prepared']);
  });

  it('T2 never ends a task that has a live job or output that a merge job must take', async () => {
    await withInput(2, 'running', [2, 2, 0]);
    await insertRows(db.database, aJob(2000).ofTask(2));
    await withInput(3, 'running', [2, 2, 0]);
    await insertRows(
      db.database,
      aDataset(32).ofTask(3).with({ type: 'trn_output', masterid: 30 }),
      aFile(3000).in(3, 32).with({ type: 'trn_output', boundaryid: 2999 }),
    );
    expect(await finalise(2, 3)).toMatchObject({ claimed: 2, done: 0, waiting: 2 });
    await rows(`update doma_panda.jedi_dataset_contents set status = 'finished' where fileid = 3000`);
    expect(await finalise(2, 3)).toMatchObject({ done: 1 });
    expect([await statusOf(2), await statusOf(3)]).toEqual(['running', 'prepared']);
  });

  it('takes a settled task from an agent that looks at it in vain, but never while jobs may be made', async () => {
    await withInput(4, 'running', [2, 2, 0]);
    await scouting(104, 5, 0);
    await rows(
      `update doma_panda.jedi_tasks set lockedby = 'jedi-job-generator:x', lockedtime = panda_ops.utc_now() where jeditaskid in (4, 104)`,
    );
    expect(await finalise(4, 104)).toMatchObject({ claimed: 2, done: 1 });
    expect(await task(4)).toMatchObject({ status: 'prepared', lockedby: null });
    expect(await task(104)).toMatchObject({ status: 'scouting', lockedby: 'jedi-job-generator:x' });
  });

  it('looks a growing dataset up again when its known files are processed', async () => {
    await withInput(5, 'running', [2, 2, 0]);
    await rows(`update doma_panda.jedi_datasets set state = 'mutable' where datasetid = 50`);
    await finalise(5);
    expect(await statusOf(5)).toBe('defined');
    expect(await datasets(5)).toMatchObject([{ status: 'toupdate' }, { status: 'defined' }]);
    expect(await topicsOf(5)).toEqual(['task.refined']);
  });

  it('DYNOPT-01 opens the avalanche as soon as half of the scouts have finished, and not before', async () => {
    await scouting(6, 4, 0);
    await scouting(7, 5, 0);
    await finalise(6, 7);
    expect(await statusOf(6)).toBe('scouting');
    expect(await task(7)).toMatchObject({ status: 'scouted', splitrule: 'US=3' });
    expect(await datasets(7)).toMatchObject([{ usable: 20 }, {}]);
    expect(await topicsOf(7)).toEqual(['task.prepared']);
  });

  it('DYNOPT-03 DYNOPT-08 writes what the scouts needed into the task', async () => {
    await scouting(8, 5, 5, { corecount: 1, cpuefficiency: 100, basewalltime: 0 });
    await finalise(8);
    // 10 h × core power 10 × 1.5 / 100 events · 2000 MB + 10 %
    expect(await task(8)).toMatchObject({
      status: 'scouted',
      cputime: 5_400,
      cputimeunit: 'HS06sPerEvent',
      ramcount: 2_200,
      ramunit: 'MBPerCore',
      walltimeunit: 'kSI2kseconds',
    });
    const [evaluation] = await rows('select value_json from doma_panda.task_evaluation where jeditaskid = 8');
    expect(JSON.parse(evaluation?.value_json as string)).toMatchObject({ nJobs: 5, columns: { ramCount: 2_200 } });
  });

  it('breaks a task none of whose scouts succeeded', async () => {
    await scouting(9, 0, 10);
    await finalise(9);
    expect(await task(9)).toMatchObject({ status: 'tobroken', errordialog: 'no scout jobs succeeded', splitrule: 'US=2' });
    expect(await topicsOf(9)).toEqual(['task.prepared']);
  });

  it('waits for the scouts that still run when too few succeeded', async () => {
    await scouting(11, 5, 0, { splitrule: 'US=2,SS=8' });
    await scouting(12, 5, 5, { splitrule: 'US=2,SS=8' });
    await finalise(11, 12);
    expect(await statusOf(11)).toBe('scouting');
    expect(await task(12)).toMatchObject({ status: 'tobroken', errordialog: 'not enough scout jobs succeeded' });
  });

  it('BASIC-32 DYNOPT-17 asks the user to finish or retry when the scouts contradict the request', async () => {
    await scouting(13, 5, 5, { cputime: 100, cputimeunit: 'HS06sPerEvent', cpuefficiency: 100 });
    await rows('update doma_panda.jedi_datasets set nfiles = 100 where datasetid = 130');
    await rows(`update doma_panda.jobs set endtime = '2026-01-02T06:00:00' where jeditaskid = 13`);
    await finalise(13);
    const found = await task(13);
    expect(found).toMatchObject({ status: 'exhausted', oldstatus: 'scouting' });
    expect(found?.errordialog).toMatch(/^scout_cpuTime: /);
    const about = { jediTaskId: 13, status: found?.status as string, permitted: true, isUserTask: true };
    expect((['finish', 'retry'] as const).map((command) => judgeTaskCommand({ ...about, command }).code)).toEqual([0, 0]);
  });

  it('JEDI-tcommando-08 opens the avalanche by command without a finished scout, and measures later', async () => {
    await scouting(14, 0, 0, { walltimeunit: 'ava' });
    await finalise(14);
    expect(await task(14)).toMatchObject({ status: 'scouted', walltimeunit: null, splitrule: 'US=3' });
    expect(await datasets(14)).toMatchObject([{ usable: 20 }, {}]);
  });

  it('measures a running task again when a retry asked for it', async () => {
    await scouting(15, 6, 0, { splitrule: 'US=3' });
    await rows(
      `update doma_panda.jedi_tasks set status = 'running', modificationtime = panda_ops.utc_now() where jeditaskid = 15`,
    );
    await finalise(15);
    expect(await task(15)).toMatchObject({ status: 'running', ramcount: 2_200, walltimeunit: 'kSI2kseconds' });
  });

  it('lets an operator change how scouts are measured by a row of the configuration', async () => {
    config.take([{ app: 'jedi', component: 'dbproxy', key: 'SCOUT_RAMCOUNT_MARGIN', value: '50', type: 'int', vo: null }]);
    await scouting(16, 5, 5);
    await finalise(16);
    config.take([]);
    expect(await task(16)).toMatchObject({ ramcount: 3_000 });
  });

  it('returns a preprocessed task to refinement, and ends one whose preprocessing failed', async () => {
    const preprocessing = (id: number, finished: number) =>
      insertRows(
        db.database,
        aTask(id).inStatus(taskStatus.preprocessing).with({ splitrule: 'UP=1' }),
        aDataset(10 * id)
          .ofTask(id)
          .with({ type: 'pp_input' })
          .counting(1, 1, finished, 1 - finished),
      );
    await preprocessing(17, 1);
    await preprocessing(18, 0);
    await finalise(17, 18);
    expect(await task(17)).toMatchObject({ status: 'registered', splitrule: 'UP=2' });
    expect(await task(18)).toMatchObject({ status: 'prepared', errordialog: 'Preprocessing step failed' });
    expect([await topicsOf(17), await topicsOf(18)]).toEqual([['task.submitted'], ['task.prepared']]);
  });

  it('finds by its sweep what a lost message left behind', async () => {
    await withInput(19, 'running', [1, 1, 0]);
    await agent.runUntilIdle();
    expect(await statusOf(19)).toBe('prepared');
  });
});
