import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  AdderRepository,
  DdmRepository,
  FailedJobRepository,
  handOutJobs,
  type NewJob,
  OperatorTables,
  type PilotReport,
  recordPilotUpdates,
} from '@panda/database';
import { CatalogDdm } from '@panda/ddm-catalog';
import { datasetName } from '@panda/domain';
import {
  aTaskWithPickedFiles,
  INPUT_DATASET,
  OUTPUT_DATASET,
  pg,
  storedJobs,
  type TestDatabase,
  testRuntime,
} from '@panda/testing';
import { RetryModule } from '../retry/retry-module.js';
import { AdderAgent } from './adder.agent.js';
import { adderKeys } from './adder.config.js';
import { OutputRegistration } from './output-registration.js';

describe('the adder', () => {
  let db: TestDatabase;
  let ddm: CatalogDdm;
  let agent: AdderAgent;
  let jobs: NewJob[];
  let ids: readonly number[];

  beforeEach(async () => {
    db = await pg();
    ddm = new CatalogDdm(new DdmRepository(db.database));
    const runtime = testRuntime();
    const config = adderKeys.with({ defaultEndpoint: 'LOCAL_DISK' });
    const tables = new OperatorTables(db.database, runtime.clock);
    const outputs = new OutputRegistration(ddm, tables, config);
    const retry = new RetryModule(new FailedJobRepository(db.database), tables, runtime);
    agent = new AdderAgent(runtime, config, new AdderRepository(db.database), outputs, retry);
    jobs = await aTaskWithPickedFiles(db.database, 3);
    ids = await storedJobs(db.database, jobs);
    const slots = ids.map(() => ({ principal: 'pilot', requestId: 'r' }));
    await handOutJobs(db.database, [{ computingSite: 'QUEUE_A', shares: ['User Analysis'], slots }]);
    await recordPilotUpdates(
      db.database,
      ids.map((id) => report(id, 'running')),
    );
  }, 60_000);
  afterEach(() => db.close());

  const report = (pandaId: number, state: PilotReport['state'], over: Partial<PilotReport> = {}): PilotReport => ({
    pandaId,
    state,
    attemptNr: 1,
    batchId: null,
    attributes: {},
    ...over,
  });
  const rows = async (sql: string) => (await db.database.pool.query(sql)).rows as Record<string, unknown>[];
  const outputsOf = (id: number | undefined) => jobs.find(({ job }) => job.pandaid === id)?.outputs ?? [];
  const fullReport = (id: number | undefined, fsize = 500) =>
    JSON.stringify(Object.fromEntries(outputsOf(id).map(({ lfn }) => [lfn, { guid: '', fsize, adler32: '1a2b3c4d' }])));
  const ended = (...reports: PilotReport[]) => recordPilotUpdates(db.database, reports);
  const job = async (id: number | undefined) =>
    (await rows(`select jobstatus, ddmerrorcode, ddmerrordiag, piloterrorcode from doma_panda.jobs where pandaid = ${id}`))[0];
  const input = async (id: number | undefined) =>
    (
      await rows(
        `select status, attemptnr, failedattempt from doma_panda.jedi_dataset_contents where datasetid = ${INPUT_DATASET} and pandaid = ${id}`,
      )
    )[0];
  /** The builder's output dataset. */
  const dataset = datasetName(`user.alice:dataset${OUTPUT_DATASET}`);

  it('finishes jobs, registers their outputs once and wakes the finalisation', async () => {
    await ended(...ids.map((id) => report(id, 'finished', { outputReport: fullReport(id) })));
    expect(await agent.runOnce()).toMatchObject({ claimed: 3, done: 3 });
    for (const id of ids) expect(await job(id)).toMatchObject({ jobstatus: 'finished' });
    expect((await ddm.files(dataset)).map(({ size, adler32 }) => [size, adler32])).toContainEqual([500, '1a2b3c4d']);
    expect(await rows("select type from panda_ops.outbox where type like 'task.%'")).toEqual([{ type: 'task.progressed' }]);
    expect(await agent.runOnce()).toMatchObject({ claimed: 0 });
  });

  it('fails a job that lost an output, keeps its log and gives its input another attempt', async () => {
    const [id] = ids;
    const log = outputsOf(id).find(({ type }) => type === 'log');
    await ended(report(id ?? 0, 'finished', { outputReport: JSON.stringify({ [log?.lfn ?? '']: { fsize: 5, adler32: '1' } }) }));
    await agent.runOnce();
    expect(await job(id)).toMatchObject({
      jobstatus: 'failed',
      ddmerrorcode: 200,
      ddmerrordiag: expect.stringContaining('not in the output report'),
    });
    expect(await input(id)).toEqual({ status: 'ready', attemptnr: 1, failedattempt: 1 });
    expect(await rows("select type from panda_ops.outbox where type like 'task.%' order by ord")).toEqual([
      { type: 'task.progressed' },
      { type: 'task.ready' },
    ]);
  });

  it('fails only the job whose output name is taken by other content', async () => {
    const [taken, fine] = ids;
    const [output] = outputsOf(taken);
    await ddm.register([dataset]);
    const files = jobs.find(({ job: row }) => row.pandaid === taken)?.files ?? [];
    const scope = String(files.find(({ lfn }) => lfn === output?.lfn)?.scope);
    await ddm.addFiles(dataset, 'LOCAL_DISK', [{ scope, lfn: output?.lfn ?? '', size: 1 }]);
    await ended(
      report(taken ?? 0, 'finished', { outputReport: fullReport(taken) }),
      report(fine ?? 0, 'finished', { outputReport: fullReport(fine) }),
    );
    expect(await agent.runOnce()).toMatchObject({ claimed: 2, done: 2 });
    expect(await job(taken)).toMatchObject({
      jobstatus: 'failed',
      ddmerrordiag: expect.stringContaining('taken by a file of other content'),
    });
    expect(await job(fine)).toMatchObject({ jobstatus: 'finished' });
  });

  it('keeps the error of a failed payload', async () => {
    const [id] = ids;
    await ended(report(id ?? 0, 'failed', { attributes: { piloterrorcode: 1305 } }));
    await agent.runOnce();
    expect(await job(id)).toMatchObject({ jobstatus: 'failed', piloterrorcode: 1305, ddmerrorcode: 0 });
  });

  it('drops the report of a job that was ended meanwhile', async () => {
    const [id] = ids;
    await ended(report(id ?? 0, 'finished', { outputReport: fullReport(id) }));
    await db.database.pool.query("update doma_panda.jobs set jobstatus = 'cancelled', is_final = true where pandaid = $1", [id]);
    expect(await agent.runOnce()).toMatchObject({ claimed: 1, done: 0 });
    expect(await rows('select * from doma_panda.job_output_report')).toEqual([]);
  });
});
