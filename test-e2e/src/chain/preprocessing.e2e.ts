import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics } from '@panda/contracts';
import { AdderRepository, type JobOutcome, nudge } from '@panda/database';
import { JediContentsFeederModule } from '@panda/jedi-contents-feeder';
import { JediJobGeneratorModule } from '@panda/jedi-job-generator';
import { JediTaskRefinerModule } from '@panda/jedi-task-refiner';
import { JediWatchdogModule } from '@panda/jedi-watchdog';
import { aTask, insertRows } from '@panda/testing';
import { AgentsInProcess, mapOf, QUEUE } from './agents-in-process.js';

describe('a task with a step before it', () => {
  let agents: AgentsInProcess;

  beforeAll(async () => {
    agents = await AgentsInProcess.start([
      JediTaskRefinerModule,
      JediContentsFeederModule,
      JediJobGeneratorModule,
      JediWatchdogModule,
    ]);
  }, 60_000);
  afterAll(() => agents.stop());

  const submit = async (id: number) => {
    await insertRows(agents.db.database, aTask(id).inStatus('registered').with({ splitrule: null }));
    const { pool } = agents.db.database;
    await pool.query('insert into doma_panda.jedi_taskparams (jeditaskid, taskparams) values ($1, $2)', [
      id,
      JSON.stringify(map),
    ]);
    await agents.db.database.transaction((tx) => nudge(tx, topics.taskSubmitted, [id]));
  };
  const taskIs = (id: number, status: string) =>
    agents.becomes(`select status from doma_panda.jedi_tasks where jeditaskid = ${id}`, [{ status }]);
  const jobs = (id: number) =>
    agents.rows(`select pandaid::int, computingsite, transformation, prodsourcelabel, jobstatus from doma_panda.jobs
      where jeditaskid = ${id} order by pandaid`);
  const jobsAre = (id: number, jobs: number) =>
    agents.becomes(`select count(*)::int as jobs from doma_panda.jobs where jeditaskid = ${id}`, [{ jobs }]);
  const history = async (id: number) =>
    (await agents.rows(`select status from doma_panda.tasks_statuslog where jeditaskid = ${id} order by modificationtime`)).map(
      ({ status }) => status,
    );
  /** The newest job as its pilot and the adder leave it. */
  const end = async (id: number, event: JobOutcome['event'], metadata?: object) => {
    const pandaId = Number((await jobs(id)).at(-1)?.pandaid);
    const { pool } = agents.db.database;
    await pool.query("update doma_panda.jobs_live set jobstatus = 'holding' where pandaid = $1", [pandaId]);
    if (metadata)
      await pool.query('insert into doma_panda.job_metadata (pandaid, modificationtime, metadata) values ($1, now(), $2)', [
        pandaId,
        JSON.stringify(metadata),
      ]);
    await new AdderRepository(agents.db.database).settle({ jediTaskId: id, outcomes: [{ pandaId, event }], merging: [] });
  };

  it('BASIC-23 BASIC-24 waits as topreprocess, is preprocessing while its job runs or is repeated, and takes what it found as parameters', async () => {
    await agents.dataset('user.bob.found', ['a.root', 'b.root', 'c.root']);
    await submit(1);
    await taskIs(1, 'preprocessing');
    await jobsAre(1, 1);
    expect(await jobs(1)).toMatchObject([
      { computingsite: QUEUE, transformation: 'http://gateway/trf/preEvtPick', prodsourcelabel: 'panda' },
    ]);

    await end(1, 'timedOut');
    await jobsAre(1, 2);
    await taskIs(1, 'preprocessing');

    await end(1, 'succeeded', { '%%INDS%%': 'user.bob.found', '%%INLFNLIST%%': ['a.root', 'c.root'] });
    await taskIs(1, 'running');
    await jobsAre(1, 4);
    expect(await agents.rows(`select datasetname, nfilesused::int from doma_panda.jedi_datasets where type = 'input'`)).toEqual([
      { datasetname: 'user.bob.found', nfilesused: 2 },
    ]);
    expect(await history(1)).toEqual(
      expect.arrayContaining(['topreprocess', 'preprocessing', 'registered', 'defined', 'running']),
    );
  }, 60_000);

  it('fails when the job failed as often as it may, and is refused when it left no values', async () => {
    await submit(2);
    for (const attempt of [1, 2, 3]) {
      await jobsAre(2, attempt);
      await end(2, 'timedOut');
    }
    await agents.becomes('select status, errordialog from doma_panda.jedi_tasks where jeditaskid = 2', [
      { status: 'prepared', errordialog: 'Preprocessing step failed' },
    ]);
    await submit(3);
    await jobsAre(3, 1);
    await end(3, 'succeeded');
    await agents.becomes('select status, errordialog from doma_panda.jedi_tasks where jeditaskid = 3', [
      { status: 'tobroken', errordialog: 'the preprocessing job left no JSON object with values for the task' },
    ]);
  }, 60_000);
});

const map = mapOf('user.alice.pick', {
  preproSpec: { prodSourceLabel: 'panda', transPath: 'http://gateway/trf/preEvtPick', jobParameters: '-p "pick"' },
  jobParameters: [
    { type: 'template', param_type: 'input', value: '-i "${IN/T}"', dataset: '%%INDS%%', expand: true, files: '%%INLFNLIST%%' },
  ],
});
