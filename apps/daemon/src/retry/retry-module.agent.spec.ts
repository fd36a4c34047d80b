import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AdderRepository, FailedJobRepository, OperatorTables, type TaskBatch } from '@panda/database';
import {
  aTask,
  aTaskWithPickedFiles,
  emptyTables,
  pg,
  storedJobs,
  type TestDatabase,
  type TestRuntime,
  taskTables,
  testRuntime,
} from '@panda/testing';
import { RetryModule } from './retry-module.js';

const PILOT_ERROR = 1_305;

describe('the retry module', () => {
  let db: TestDatabase;
  let runtime: TestRuntime;

  beforeAll(async () => {
    db = await pg();
  });
  afterAll(() => db.close());
  const begin = () => emptyTables(db.database, ...taskTables, 'doma_panda.retryerrors', 'panda_ops.brokerage_verdict');
  beforeEach(begin);

  const rows = async (sql: string, params: unknown[] = []) =>
    (await db.database.pool.query(sql, params)).rows as Record<string, unknown>[];
  const addRule = (action: string, columns: Record<string, unknown> = {}) => {
    const row = {
      errorsource: 'pilotErrorCode',
      errorcode: PILOT_ERROR,
      active: 'Y',
      errordiag: null,
      parameters: null,
      workqueue_id: null,
      ...columns,
    };
    return rows(
      `insert into doma_panda.retryerrors (errorsource, errorcode, active, retryaction, errordiag, parameters, workqueue_id)
       select $1, $2, $3, retryaction_id, $5, $6, $7 from doma_panda.retryactions where retry_action = $4 returning retryerror_id`,
      [row.errorsource, row.errorcode, row.active, action, row.errordiag, row.parameters, row.workqueue_id],
    );
  };
  /** One job of a task that ran for an hour and fails with the pilot error; settled as the adder does it. */
  async function failOne(
    task = aTask(1).running().with({ ramcount: 2000, ramunit: 'MBPerCore' }),
    startedAgo: string | null = '1 hour',
  ): Promise<void> {
    const jobs = await aTaskWithPickedFiles(db.database, 1, task);
    const [id = 0] = await storedJobs(db.database, jobs);
    await rows(
      `update doma_panda.jobs set jobstatus = 'holding', piloterrorcode = ${PILOT_ERROR}, piloterrordiag = 'payload ran out of memory',
       starttime = panda_ops.utc_now() - $1::interval, endtime = panda_ops.utc_now() where pandaid = ${id}`,
      [startedAgo],
    );
    runtime = testRuntime();
    const retry = new RetryModule(new FailedJobRepository(db.database), new OperatorTables(db.database, runtime.clock), runtime);
    const batch: TaskBatch = { jediTaskId: 1, outcomes: [{ pandaId: id, event: 'outputFailed' }], merging: [] };
    await new AdderRepository(db.database).settle({ ...batch, ...(await retry.judge(batch.outcomes)) });
  }
  const input = async () =>
    (await rows('select status, attemptnr, maxattempt, ramcount from doma_panda.jedi_dataset_contents where datasetid = 10'))[0];
  const counters = async () =>
    (await rows('select nfilesused, nfilesfailed from doma_panda.jedi_datasets where datasetid = 10'))[0];

  it('RETRY-01 stops the attempts of a hopeless error', async () => {
    await addRule('no_retry');
    await failOne();
    expect(await input()).toMatchObject({ status: 'ready', attemptnr: 1, maxattempt: 1 });
    expect(await counters()).toEqual({ nfilesused: 1, nfilesfailed: 1 });
  });

  it('RETRY-02 RETRY-08 caps the attempts at the rule’s parameter', async () => {
    await addRule('limit_retry', { parameters: 'maxAttempt=2' });
    await failOne();
    expect(await input()).toMatchObject({ attemptnr: 1, maxattempt: 2 });
    expect(await counters()).toEqual({ nfilesused: 0, nfilesfailed: 0 });
  });

  it('RETRY-03 gives the next attempt of the files more memory', async () => {
    await addRule('increase_memory');
    await failOne();
    expect(await input()).toMatchObject({ maxattempt: 3, ramcount: 3000 });
  });

  it('BASIC-54 lets the next attempt have more memory where a rule says so, and there be none where one forbids it', async () => {
    await failOne();
    expect(await input()).toMatchObject({ status: 'ready', attemptnr: 1, maxattempt: 3, ramcount: 0 });
    await begin();
    await addRule('increase_memory');
    await failOne();
    expect(await input()).toMatchObject({ status: 'ready', attemptnr: 1, maxattempt: 3, ramcount: 3000 });
    await begin();
    await addRule('no_retry');
    await failOne();
    expect(await input()).toMatchObject({ attemptnr: 1, maxattempt: 1 });
    expect(await counters()).toEqual({ nfilesused: 1, nfilesfailed: 1 });
  });

  it('RETRY-04 raises the CPU time of the task by what the job used, and says why', async () => {
    await addRule('increase_cputime');
    await failOne(
      aTask(1)
        .running()
        .with({ cputime: 100, cputimeunit: 'HS06sPerEvent', basewalltime: 0, cpuefficiency: 100, walltimeunit: 'kSI2kseconds' }),
    );
    expect(await rows('select cputime from doma_panda.jedi_tasks')).toEqual([{ cputime: 200 }]);
    const [verdict] = await rows(
      "select kind, verdict -> 'decisions' -> 0 ->> 'explanation' as why from panda_ops.brokerage_verdict",
    );
    expect(verdict).toMatchObject({ kind: 'retry', why: expect.stringContaining('CPU time of the task raised to 200') });
    expect(runtime.log.messages('info')).toContain('retry rules');
  });

  it('asks for a measurement when the job cannot say what it needed', async () => {
    await addRule('increase_cputime');
    await failOne(aTask(1).running().with({ walltimeunit: 'kSI2kseconds', creationdate: '2026-01-01T00:00:00' }), null);
    expect(await rows('select walltimeunit from doma_panda.jedi_tasks')).toEqual([{ walltimeunit: null }]);
  });

  it('RETRY-06 applies only where source, code and the beginning of the text match', async () => {
    await addRule('no_retry', { errorsource: 'exeErrorCode' });
    await addRule('no_retry', { errorcode: 1 });
    await addRule('no_retry', { errordiag: 'ran out' });
    await failOne();
    expect(await input()).toMatchObject({ maxattempt: 3 });
    expect(await rows('select * from panda_ops.brokerage_verdict')).toEqual([]);
  });

  it('RETRY-07 only says what a passive rule would do', async () => {
    await addRule('no_retry', { active: 'N' });
    await failOne();
    expect(await input()).toMatchObject({ maxattempt: 3 });
    expect(runtime.log.lines.find(({ message }) => message === 'retry rules')?.facts).toMatchObject({
      explanation: expect.stringContaining('passive: at most 1 attempts'),
    });
  });

  it('RETRY-09 keeps to the scope of a rule', async () => {
    await addRule('no_retry', { workqueue_id: 99 });
    await addRule('limit_retry', { workqueue_id: 3, parameters: 'maxAttempt=2' });
    await failOne();
    expect(await input()).toMatchObject({ maxattempt: 2 });
  });

  it('RETRY-05 names a rule it cannot use and follows the others', async () => {
    await addRule('limit_retry', { parameters: 'often' });
    await addRule('no_retry');
    await failOne();
    expect(await input()).toMatchObject({ maxattempt: 1 });
    expect(runtime.log.messages('warn')).toEqual(['a retry rule is not used']);
  });
});
