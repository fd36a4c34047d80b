import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Database,
  handOutJobs,
  type JobOutcome,
  type NewJob,
  type PilotReport,
  recordPilotUpdates,
  settle,
  statement,
  storeJobs,
} from '@panda/database';
import {
  aTaskWithPickedFiles,
  emptyTables,
  INPUT_DATASET,
  LOG_DATASET,
  OUTPUT_DATASET,
  pg,
  storedJobs,
  type TestDatabase,
  taskTables,
} from '@panda/testing';

const jobsNow = statement<object, { pandaid: number; jobstatus: string; is_final: boolean }>(
  'test.jobsNow',
  'select pandaid, jobstatus, is_final from doma_panda.jobs order by pandaid',
);
const contentsNow = statement<
  { dataset: number },
  { fileid: number; status: string; attemptnr: number; failedattempt: number | null; pandaid: number }
>(
  'test.contentsNow',
  'select fileid, status, attemptnr, failedattempt, pandaid from doma_panda.jedi_dataset_contents where datasetid = $dataset order by fileid',
);
const countersNow = statement<{ dataset: number }, Record<string, number>>(
  'test.countersNow',
  `select nfiles, nfilesused, nfilesfinished, nfilesfailed, neventsused, nevents from doma_panda.jedi_datasets where datasetid = $dataset`,
);
const reportsNow = statement<object, { pandaid: number; jobstatus: string; data: string }>(
  'test.reportsNow',
  'select pandaid, jobstatus, data from doma_panda.job_output_report order by pandaid',
);
const statsNow = statement<object, { jobstatus: string; njobs: number }>(
  'test.statsNow',
  'select jobstatus, sum(njobs)::bigint as njobs from panda_ops.job_stats_now group by 1 order by 1',
);
const nudgesNow = statement<object, { type: string; ids: number[] }>(
  'test.nudgesNow',
  `select type, payload -> 'ids' as ids from panda_ops.outbox where type = 'jobs.reported' order by ord`,
);
const attributesOf = statement<{ id: number }, Record<string, unknown>>(
  'test.attributesOf',
  'select maxrss, pilotid, piloterrordiag, cpuconsumptiontime, endtime from doma_panda.jobs where pandaid = $id',
);

const report = (pandaId: number, state: PilotReport['state'], over: Partial<PilotReport> = {}): PilotReport => ({
  pandaId,
  state,
  attemptNr: 1,
  batchId: null,
  attributes: {},
  ...over,
});

describe('the life of a job', () => {
  let db: TestDatabase;
  let database: Database;
  let jobs: NewJob[];
  beforeAll(async () => {
    db = await pg();
    database = db.database;
  }, 60_000);
  beforeEach(async () => {
    await emptyTables(database, ...taskTables);
    jobs = await aTaskWithPickedFiles(database, 3);
  });
  afterAll(() => db.close());

  const settleNow = (...outcomes: JobOutcome[]) => database.transaction((tx) => settle(tx, 'daemon', outcomes));
  const runAll = async (): Promise<readonly number[]> => {
    const ids = await storedJobs(database, jobs);
    const slots = ids.map(() => ({ principal: 'pilot', requestId: 'r' }));
    await handOutJobs(database, [{ computingSite: 'QUEUE_A', shares: ['User Analysis'], slots }]);
    await recordPilotUpdates(
      database,
      ids.map((id) => report(id, 'running')),
    );
    return ids;
  };
  const finish = async (ids: readonly number[]) =>
    recordPilotUpdates(
      database,
      ids.map((id) => report(id, 'finished', { outputReport: '{}' })),
    );
  const success = (id: number, over: Partial<JobOutcome> = {}): JobOutcome => ({
    pandaId: id,
    event: 'succeeded',
    nEvents: 100,
    outputs: (jobs.find(({ job }) => job.pandaid === id)?.outputs ?? []).map((output) => ({
      jediTaskId: output.jediTaskId,
      datasetId: output.datasetId,
      fileId: output.fileId,
      scope: 'user.alice',
      lfn: output.lfn,
      event: 'registered' as const,
      guid: `guid-${output.fileId}`,
      fsizeBytes: 500,
      nEvents: 100,
    })),
    ...over,
  });

  it('starts with its files, its picked input and its output rows', async () => {
    const ids = await storedJobs(database, jobs);
    expect(await database.run(contentsNow, { dataset: INPUT_DATASET })).toEqual(
      ids.map((pandaid, i) => ({ fileid: 100 + i, status: 'running', attemptnr: 0, failedattempt: 0, pandaid })),
    );
    expect((await database.run(contentsNow, { dataset: OUTPUT_DATASET })).map((row) => row.status)).toEqual([
      'running',
      'running',
      'running',
    ]);
    expect((await database.run(countersNow, { dataset: LOG_DATASET }))[0]).toMatchObject({ nfiles: 3 });
    expect(await database.run(statsNow, {})).toEqual([{ jobstatus: 'activated', njobs: 3 }]);
  });

  it('refuses a job as a whole when an input is not picked any more', async () => {
    const [first, ...others] = jobs;
    if (!first) throw new Error('no job');
    await storedJobs(database, [first]);
    const again = await database.transaction((tx) =>
      storeJobs(tx, [{ ...first, job: { ...first.job, pandaid: 777_777 } }, ...others]),
    );
    expect(again.refused).toEqual([777_777]);
    expect(again.stored).toHaveLength(2);
    expect(await database.run(jobsNow, {})).toHaveLength(3);
  });

  it('takes a final report once: state, report and nudge together, repeats are answered alreadydone', async () => {
    const [id = 0] = await runAll();
    const final = report(id, 'finished', {
      outputReport: '{"out": {}}',
      attributes: { maxrss: 1000, pilotid: 'p\0x', piloterrordiag: 'd'.repeat(900) },
    });
    expect(await recordPilotUpdates(database, [final, final])).toMatchObject([
      { pandaId: id, command: null },
      { pandaId: id, command: 'alreadydone' },
    ]);
    expect(await database.run(reportsNow, {})).toEqual([{ pandaid: id, jobstatus: 'finished', data: '{"out": {}}' }]);
    expect(await database.run(nudgesNow, {})).toEqual([{ type: 'jobs.reported', ids: [id] }]);
    const [stored] = await database.run(attributesOf, { id });
    expect(stored).toMatchObject({ maxrss: 1000, pilotid: 'px', piloterrordiag: 'd'.repeat(500) });
  });

  it('answers tobekilled for unknown jobs and other attempts, and stores nothing of them', async () => {
    const [id = 0] = await runAll();
    const answers = await recordPilotUpdates(database, [
      report(999_999, 'running'),
      report(id, 'finished', { attemptNr: 2, outputReport: '{}' }),
    ]);
    expect(answers.map((answer) => answer.command)).toEqual(['tobekilled', 'tobekilled']);
    expect(await database.run(reportsNow, {})).toEqual([]);
  });

  it('takes heartbeats of many jobs in one statement and keeps what is not reported', async () => {
    const ids = await runAll();
    await recordPilotUpdates(
      database,
      ids.map((id) => report(id, 'running', { attributes: { maxrss: 5 } })),
    );
    const answers = await recordPilotUpdates(
      database,
      ids.map((id) => report(id, 'running', { attributes: { cpuconsumptiontime: 9 } })),
    );
    expect(answers.map((answer) => answer.rule)).toEqual(Array(3).fill('a heartbeat that changes no state'));
    expect((await database.run(attributesOf, { id: ids[0] ?? 0 }))[0]).toMatchObject({ maxrss: 5, cpuconsumptiontime: 9 });
  });

  it('ends well: input finished, outputs registered, counters exact, report gone', async () => {
    const ids = await runAll();
    await finish(ids);
    const result = await settleNow(...ids.map((id) => success(id)));
    expect(result).toMatchObject({ losers: [], duplicates: [], tasks: [{ jediTaskId: 1, retriable: false }] });
    expect(await database.run(jobsNow, {})).toEqual(ids.map((pandaid) => ({ pandaid, jobstatus: 'finished', is_final: true })));
    expect((await database.run(countersNow, { dataset: INPUT_DATASET }))[0]).toMatchObject({
      nfilesused: 3,
      nfilesfinished: 3,
      nfilesfailed: 0,
      neventsused: 300,
    });
    expect((await database.run(countersNow, { dataset: OUTPUT_DATASET }))[0]).toMatchObject({ nfilesfinished: 3, nevents: 300 });
    expect(await database.run(reportsNow, {})).toEqual([]);
    expect(await database.run(statsNow, {})).toEqual([]);
  });

  it('is settled once: a repeat changes nothing, not even the register of outputs', async () => {
    const [id = 0] = await runAll();
    await finish([id]);
    await settleNow(success(id));
    expect(await settleNow(success(id))).toMatchObject({ settled: [], losers: [id] });
    expect((await database.run(countersNow, { dataset: INPUT_DATASET }))[0]).toMatchObject({ nfilesfinished: 1 });
  });

  it('gives its input back when it fails, until the attempts are used up', async () => {
    const [id = 0, other = 0] = await runAll();
    await finish([id, other]);
    const result = await settleNow(
      { pandaId: id, event: 'outputFailed' },
      { pandaId: other, event: 'outputFailed', maxAttempt: 1 },
    );
    expect(result.tasks).toEqual([{ jediTaskId: 1, retriable: true }]);
    const [first, second] = await database.run(contentsNow, { dataset: INPUT_DATASET });
    expect(first).toMatchObject({ status: 'ready', attemptnr: 1, failedattempt: 1 });
    expect(second).toMatchObject({ status: 'ready', attemptnr: 1, failedattempt: 1 });
    expect((await database.run(countersNow, { dataset: INPUT_DATASET }))[0]).toMatchObject({ nfilesused: 2, nfilesfailed: 1 });
    expect((await database.run(contentsNow, { dataset: OUTPUT_DATASET })).map((row) => row.status)).toEqual([
      'failed',
      'failed',
      'running',
    ]);
  });

  it('costs the file no failed attempt when it is killed', async () => {
    const [id = 0] = await runAll();
    await database.transaction((tx) => settle(tx, 'jedi-task-commando', [{ pandaId: id, event: 'cancelled' }]));
    expect((await database.run(contentsNow, { dataset: INPUT_DATASET }))[0]).toMatchObject({
      status: 'ready',
      attemptnr: 1,
      failedattempt: 0,
    });
    expect((await database.run(contentsNow, { dataset: OUTPUT_DATASET }))[0]).toMatchObject({ status: 'cancelled' });
  });

  it('fails instead of registering an output that another job registered', async () => {
    const [id = 0, other = 0] = await runAll();
    await finish([id, other]);
    await settleNow(success(id));
    const lfn = success(id).outputs?.[0]?.lfn ?? '';
    const outputs = success(other).outputs?.map((output, i) => (i === 0 ? { ...output, lfn } : output));
    const result = await settleNow(success(other, { outputs }));
    expect(result.duplicates).toEqual([other]);
    expect((await database.run(jobsNow, {})).find((job) => job.pandaid === other)?.jobstatus).toBe('failed');
    expect((await database.run(countersNow, { dataset: OUTPUT_DATASET }))[0]).toMatchObject({
      nfilesfinished: 1,
      nfilesfailed: 1,
    });
  });
});
