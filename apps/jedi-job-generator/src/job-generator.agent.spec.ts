import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OperationalConfig } from '@panda/config';
import {
  AdderRepository,
  DdmRepository,
  GenerationRepository,
  type JobOutcome,
  OperatorTables,
  PriorityRepository,
  SiteRepository,
  TaskClaims,
  WatchdogRepository,
} from '@panda/database';
import { CatalogDdm } from '@panda/ddm-catalog';
import { datasetName, type TaskParameters } from '@panda/domain';
import { PluginConfigurationError } from '@panda/plugins-generic';
import { aFedTask, aJob, aQueue, insertRows, pg, type TestDatabase, testRuntime } from '@panda/testing';
import { BrokerageWorldReader } from './brokerage-world.js';
import { ChunkReader } from './chunk-reader.js';
import { JobGeneratorAgent } from './job-generator.agent.js';
import { jobGeneratorKeys } from './job-generator.config.js';
import { JobMaker } from './job-maker.js';
import { Libraries } from './libraries.js';
import { OutputStreams } from './output-streams.js';
import { Policies } from './policies.js';
import { PreprocessingStep } from './preprocessing-step.js';

const recorded = new URL('../../../libs/domain/src/refine/fixtures/', import.meta.url);
const QUEUE = 'QUEUE_A';
const ENDPOINT = 'SITE_A_DATADISK';
const queueData = aQueue(QUEUE).columns.data as object;

/** Does something in the moment between the look at a task and the first write for it. */
class Interrupted extends GenerationRepository {
  meanwhile: (() => Promise<unknown>) | undefined;
  override async reserve(...request: Parameters<GenerationRepository['reserve']>) {
    await this.meanwhile?.();
    return super.reserve(...request);
  }
}

describe('the job generator', () => {
  let db: TestDatabase;
  let ddm: CatalogDdm;
  let agent: JobGeneratorAgent;
  let repository: Interrupted;
  let tables: OperatorTables;

  /** A generator as its module wires it; each stands for a process. */
  const generator = (
    seed: number,
    settings: Parameters<typeof jobGeneratorKeys.with>[0] = {},
    operational = new OperationalConfig(),
  ) => {
    const runtime = testRuntime(seed);
    for (let n = 0; n < seed * 1_000; n++) runtime.ids.next(); // claims of two processes never share an id
    const config = jobGeneratorKeys.with(settings);
    const jobs = new Interrupted(db.database);
    const operators = new OperatorTables(db.database, runtime.clock);
    const policies = new Policies(operators, jobs, operational, config);
    const maker = new JobMaker(
      jobs,
      new OutputStreams(jobs, ddm),
      new Libraries(jobs, operators, runtime.clock, runtime.random),
      operators,
      new PriorityRepository(db.database),
      runtime.random,
      config,
    );
    const worlds = new BrokerageWorldReader(operators, jobs, ddm, policies, runtime.clock);
    const made = new JobGeneratorAgent(
      runtime,
      config,
      new TaskClaims(db.database),
      jobs,
      worlds,
      new ChunkReader(jobs),
      maker,
      new PreprocessingStep(jobs, new OutputStreams(jobs, ddm), operators),
      policies,
      runtime.random,
    );
    return { agent: made, jobs, operators };
  };

  beforeAll(async () => {
    db = await pg();
    ddm = new CatalogDdm(new DdmRepository(db.database));
    await register('online');
    const made = generator(1);
    agent = made.agent;
    repository = made.jobs;
    tables = made.operators;
  }, 60_000);
  afterAll(() => db.close());

  const register = (status: string) =>
    new SiteRepository(db.database).register({
      site: 'SITE_A',
      endpoint: { name: ENDPOINT, baseUrl: 'file:///nowhere', spaceGb: 100_000 },
      harvester: 'harvester_a',
      queue: { name: QUEUE, data: { ...queueData, status } },
    });
  const rows = async (sql: string) => (await db.database.pool.query(sql)).rows as Record<string, unknown>[];
  const generate = (...ids: number[]) => agent.runOnce({ ids, sweep: false });
  const map = async (file: string, id: number, over: object = {}): Promise<TaskParameters> => {
    const text = (await readFile(new URL(file, recorded), 'utf8')).replaceAll('user.bob.', `user.bob${id}.`);
    const server = {
      taskName: `user.alice.task${id}/`,
      vo: 'wlcg',
      userName: 'alice',
      taskType: 'anal',
      taskPriority: 1000,
      site: null,
    };
    return { ...(JSON.parse(text) as object), ...server, ...over };
  };
  const simple = async (id: number, jobs: number, over: object = {}) =>
    aFedTask(db.database, ddm, id, await map('prun-no-input.json', id, { nEvents: jobs, ...over }));
  const input = async (name: string, files: number) => {
    const wanted = datasetName(name);
    await ddm.register([wanted]);
    const lfn = (i: number) => `${wanted.name}.${String(i + 1).padStart(3, '0')}.root`;
    const listed = Array.from({ length: files }, (_, i) => ({
      scope: wanted.scope,
      lfn: lfn(i),
      size: 1_000,
      guid: `g-${name}-${i}`,
    }));
    await ddm.addFiles(wanted, ENDPOINT, listed);
  };
  /** The recorded prun submission with a build step and two files a job. */
  const built = async (id: number, files: number, over: object = {}) => {
    await input(`user.bob${id}.in`, files);
    await input(`user.bob${id}.sec`, 3);
    await aFedTask(db.database, ddm, id, await map('prun-input-build.json', id, over));
  };
  const task = async (id: number) =>
    (
      await rows(
        `select status, oldstatus, errordialog, lockedby, frozentime from doma_panda.jedi_tasks where jeditaskid = ${id}`,
      )
    )[0];
  const jobs = (id: number) =>
    rows(`select pandaid, jobstatus, computingsite, attemptnr, processingtype, prodsourcelabel, transformation, gshare, resource_type, currentpriority
      from doma_panda.jobs where jeditaskid = ${id} order by pandaid`);
  const contents = async (id: number, type: string) =>
    (
      await rows(
        `select status from doma_panda.jedi_dataset_contents where jeditaskid = ${id} and type = '${type}' order by fileid`,
      )
    ).map(({ status }) => status);
  const lfns = async (id: number, type: string) =>
    (
      await rows(`select lfn from doma_panda.jedi_dataset_contents where jeditaskid = ${id} and type = '${type}' order by fileid`)
    ).map(({ lfn }) => lfn as string);
  const master = async (id: number) =>
    (
      await rows(`select nfiles, nfilestobeused, nfilesused from doma_panda.jedi_datasets
      where jeditaskid = ${id} and masterid is null and type in ('input', 'pseudo_input')`)
    )[0];
  const verdicts = async (id: number) =>
    (await rows(`select kind, verdict from panda_ops.brokerage_verdict where jeditaskid = ${id} order by id`)) as {
      kind: string;
      verdict: Record<string, unknown>;
    }[];
  const topics = async (id: number) =>
    (await rows(`select routing_key from panda_ops.outbox where aggregate = 'task:${id}' order by ord`)).map(
      ({ routing_key }) => routing_key,
    );
  /** Jobs as their pilots leave them: the final report is stored. */
  const held = (id: number) =>
    db.database.pool.query(
      `update doma_panda.jobs_live set jobstatus = 'holding' where jeditaskid = $1 and jobstatus = 'activated'`,
      [id],
    );
  const fail = async (id: number) => {
    await held(id);
    const outcomes: JobOutcome[] = (await jobs(id))
      .filter(({ jobstatus }) => jobstatus === 'holding')
      .map(({ pandaid }) => ({ pandaId: Number(pandaid), event: 'timedOut' }));
    await new AdderRepository(db.database).settle({ jediTaskId: id, outcomes, merging: [] });
  };

  it('BASIC-56 makes the scouts first, above their task, and the rest after the avalanche', async () => {
    await simple(1, 15);
    expect(await generate(1)).toMatchObject({ claimed: 1, done: 1 });
    expect(await task(1)).toMatchObject({ status: 'scouting', lockedby: null });
    const scouts = await jobs(1);
    expect(scouts).toHaveLength(10);
    const [{ priority } = {}] = await rows('select currentpriority as priority from doma_panda.jedi_tasks where jeditaskid = 1');
    for (const { currentpriority } of scouts) expect(Number(currentpriority)).toBeGreaterThan(Number(priority));
    expect(await master(1)).toEqual({ nfiles: 15, nfilestobeused: 10, nfilesused: 10 });
    await generate(1);
    expect(await jobs(1)).toHaveLength(10);
    expect(await topics(1)).toContain('task.progressed');
    await rows(`update doma_panda.jedi_tasks set status = 'running' where jeditaskid = 1`);
    await rows(`update doma_panda.jedi_datasets set nfilestobeused = nfiles where jeditaskid = 1`);
    await generate(1);
    const all = await jobs(1);
    expect(all).toHaveLength(15);
    for (const { currentpriority } of all.slice(10)) expect(Number(currentpriority)).toBeLessThanOrEqual(Number(priority));
    expect(await task(1)).toMatchObject({ status: 'running' });
    const handling = await rows("select pandaid from doma_panda.jobs where jeditaskid = 1 and specialhandling like '%sj%'");
    expect(handling).toHaveLength(10);
  });

  it('BASIC-62 DB-19 JEDI-jobgen-06 stores jobs of their task’s share and work queue with files, parameters, outputs with serial numbers, and registers their datasets before', async () => {
    await simple(2, 3, { skipScout: true });
    await generate(2);
    expect(await task(2)).toMatchObject({ status: 'running', errordialog: null });
    const made = await jobs(2);
    expect(made).toMatchObject(
      Array.from({ length: 3 }, () => ({
        jobstatus: 'activated',
        computingsite: QUEUE,
        attemptnr: 1,
        gshare: 'User Analysis',
        resource_type: 'SCORE',
      })),
    );
    const tags = (table: string) =>
      rows(`select distinct gshare, workqueue_id from doma_panda.${table} where jeditaskid = 2 and gshare is not null`);
    expect(await tags('jobs')).toEqual(await tags('jedi_tasks'));
    expect(await tags('jobs')).toEqual([{ gshare: 'User Analysis', workqueue_id: expect.any(Number) }]);
    expect(await contents(2, 'pseudo_input')).toEqual(Array.from({ length: 6 }, () => 'running'));
    expect(await contents(2, 'output')).toEqual(['running', 'running', 'running']);
    expect(await lfns(2, 'output')).toEqual([1, 2, 3].map((n) => `user.alice.2._00000${n}.out.txt`));
    expect(await lfns(2, 'log')).toHaveLength(3);
    const parameters = await rows(`select p.jobparameters from doma_panda.job_params p join doma_panda.jobs j using (pandaid)
      where j.jeditaskid = 2 order by pandaid`);
    expect(parameters.map(({ jobparameters }) => /job\.py%20(\d+)/.exec(String(jobparameters))?.[1])).toEqual(['11', '12', '13']);
    expect(String(parameters[2]?.jobparameters)).toContain('user.alice.2._000003.out.txt');
    const files = await rows(`select f.type, count(*)::int as n from doma_panda.job_files f join doma_panda.jobs j using (pandaid)
      where j.jeditaskid = 2 group by 1 order by 1`);
    expect(files).toEqual(
      expect.arrayContaining([
        { type: 'log', n: 3 },
        { type: 'output', n: 3 },
      ]),
    );
    expect(
      await rows(
        `select count(*)::int as n from doma_panda.jobs_statuslog l join doma_panda.jobs j using (pandaid) where j.jeditaskid = 2`,
      ),
    ).toEqual([{ n: 3 }]);
    const outputs = await rows(
      `select datasetname, status from doma_panda.jedi_datasets where jeditaskid = 2 and type = 'output'`,
    );
    expect(outputs).toHaveLength(1);
    expect(await ddm.describe([datasetName(String(outputs[0]?.datasetname))])).toHaveLength(1);
    expect(await verdicts(2)).toMatchObject([{ kind: 'job', verdict: { broker: 'generic', chosen: [{ queue: QUEUE }] } }]);
  });

  it('gives each job the next random seed, and never one twice', async () => {
    const parameters = await map('prun-no-input.json', 3, { nEvents: 12 });
    const items = parameters.jobParameters as object[];
    const seed = { type: 'template', param_type: 'number', value: ' --seed ${RNDMSEED}', offset: 7 };
    await aFedTask(db.database, ddm, 3, { ...parameters, jobParameters: [...items, seed] } as TaskParameters);
    await generate(3);
    await rows(`update doma_panda.jedi_tasks set status = 'running' where jeditaskid = 3`);
    await rows(`update doma_panda.jedi_datasets set nfilestobeused = nfiles where jeditaskid = 3 and masterid is null`);
    await generate(3);
    const lines = await rows(`select p.jobparameters as line from doma_panda.job_params p join doma_panda.jobs j using (pandaid)
      where j.jeditaskid = 3 order by pandaid`);
    expect(lines.map(({ line }) => Number(/--seed (\d+)/.exec(String(line))?.[1]))).toEqual(
      Array.from({ length: 12 }, (_, i) => 8 + i),
    );
  });

  it('builds the library once at a queue; the jobs that need it wait for it', async () => {
    await built(4, 6, { skipScout: true });
    await generate(4);
    const made = await jobs(4);
    expect(made.map(({ prodsourcelabel, jobstatus }) => [prodsourcelabel, jobstatus])).toEqual([
      ['panda', 'activated'],
      ['user', 'defined'],
      ['user', 'defined'],
      ['user', 'defined'],
    ]);
    const library = (await lfns(4, 'lib'))[0] ?? '';
    expect(library).toMatch(/lib\.tgz/);
    const reading = await rows(`select distinct f.lfn from doma_panda.job_files f join doma_panda.jobs j using (pandaid)
      where j.jeditaskid = 4 and j.prodsourcelabel = 'user' and f.type = 'input' and f.lfn like '%lib.tgz'`);
    expect(reading).toEqual([{ lfn: library }]);
    const inputs = await rows(`select f.lfn from doma_panda.job_files f join doma_panda.jobs j using (pandaid)
      where j.jeditaskid = 4 and f.type = 'input' and f.lfn like 'user.bob4.in%' order by 1`);
    expect(inputs).toHaveLength(6);
  });

  /** The build job of a task as the adder ends it: with its library and log registered, or without. */
  const endBuild = async (id: number, event: 'succeeded' | 'outputFailed') => {
    const [build] = (await jobs(id)).filter(
      ({ prodsourcelabel, jobstatus }) => prodsourcelabel === 'panda' && jobstatus === 'activated',
    );
    await db.database.pool.query(`update doma_panda.jobs_live set jobstatus = 'holding' where pandaid = $1`, [build?.pandaid]);
    const files = await rows(`select datasetid, fileid, lfn, scope from doma_panda.job_files
      where pandaid = ${build?.pandaid} and type in ('output', 'log')`);
    const outputs = files.map(({ datasetid, fileid, lfn, scope }) => ({
      jediTaskId: id,
      datasetId: Number(datasetid),
      fileId: Number(fileid),
      scope: String(scope),
      lfn: String(lfn),
      event: 'registered' as const,
      guid: `guid-${String(fileid)}`,
      fsizeBytes: 700,
    }));
    const outcome = { pandaId: Number(build?.pandaid), event, ...(event === 'succeeded' ? { outputs } : {}) };
    await new AdderRepository(db.database).settle({ jediTaskId: id, outcomes: [outcome], merging: [] });
  };
  const states = async (id: number) =>
    (await jobs(id)).map(({ prodsourcelabel, jobstatus }) => `${prodsourcelabel} ${jobstatus}`);

  it('SERVER-modules-01 activates the jobs that wait for a library as soon as it is there', async () => {
    await built(14, 4, { skipScout: true });
    await generate(14);
    expect(await states(14)).toEqual(['panda activated', 'user defined', 'user defined']);
    await endBuild(14, 'succeeded');
    expect(await states(14)).toEqual(['panda finished', 'user activated', 'user activated']);
    const libraries =
      await rows(`select distinct f.status, f.fsize::int as size from doma_panda.job_files f join doma_panda.jobs j using (pandaid)
      where j.jeditaskid = 14 and j.prodsourcelabel = 'user' and f.type = 'input' and f.lfn like '%lib.tgz'`);
    expect(libraries).toEqual([{ status: 'ready', size: 700 }]);
  });

  it('BASIC-51 CLI-pathena-33 closes the jobs that wait for a library which was not built, and builds it again with their next attempt', async () => {
    await built(15, 4, { skipScout: true });
    await generate(15);
    await endBuild(15, 'outputFailed');
    expect(await states(15)).toEqual(['panda failed', 'user closed', 'user closed']);
    expect(
      await rows(`select distinct taskbuffererrordiag as diag, starttime from doma_panda.jobs
        where jeditaskid = 15 and jobstatus = 'closed'`),
    ).toEqual([{ diag: expect.stringContaining('upstream job failed'), starttime: null }]);
    await generate(15);
    expect((await states(15)).slice(3)).toEqual(['panda activated', 'user defined', 'user defined']);
  });

  it('builds the library once also for jobs that are stored in several transactions', async () => {
    await built(12, 12, { skipScout: true });
    await generator(10, { jobsPerTransaction: 2 }).agent.runOnce({ ids: [12], sweep: false });
    expect((await jobs(12)).map(({ prodsourcelabel }) => prodsourcelabel).sort()).toEqual(['panda', ...Array(6).fill('user')]);
    expect(await lfns(12, 'lib')).toHaveLength(1);
  });

  it('BASIC-53 DB-13 DB-17 takes files up again whose job failed: a new job for the next attempt, and the history of it', async () => {
    await simple(5, 2, { skipScout: true });
    await generate(5);
    const first = await jobs(5);
    await fail(5);
    await generate(5);
    const second = (await jobs(5)).slice(2);
    expect(second).toMatchObject([{ attemptnr: 2, jobstatus: 'activated' }, { attemptnr: 2 }]);
    expect((await jobs(5)).slice(0, 2)).toMatchObject([{ jobstatus: 'failed' }, { jobstatus: 'failed' }]);
    const latest =
      await rows(`select pandaid from doma_panda.jedi_dataset_contents c join doma_panda.jedi_datasets d using (jeditaskid, datasetid)
      where jeditaskid = 5 and d.type = 'pseudo_input' and d.masterid is null order by fileid`);
    expect(latest.map(({ pandaid }) => pandaid)).toEqual(second.map(({ pandaid }) => pandaid));
    const perAttempt = await rows(`select pandaid from doma_panda.filestable4
      where pandaid in (${[...first, ...second].map(({ pandaid }) => pandaid).join()}) and type = 'output' order by pandaid`);
    expect(perAttempt).toEqual([...first, ...second].map(({ pandaid }) => ({ pandaid })));
    await fail(5);
    await generate(5);
    const third = (await jobs(5)).slice(4);
    expect(third).toHaveLength(2);
    const history = await rows(`select oldpandaid, newpandaid, relationtype, originpandaid from doma_panda.jedi_job_retry_history
      where jeditaskid = 5 order by newpandaid`);
    const edge = (n: number, from: typeof first, to: typeof first) => ({
      oldpandaid: from[n]?.pandaid,
      newpandaid: to[n]?.pandaid,
      relationtype: 'retry',
      originpandaid: first[n]?.pandaid,
    });
    expect(history).toEqual([edge(0, first, second), edge(1, first, second), edge(0, second, third), edge(1, second, third)]);
    await fail(5);
    await generate(5);
    expect(await jobs(5)).toHaveLength(6); // three attempts are all a file has
  });

  it('merges unmerged output in jobs of their own, at the queue that made it', async () => {
    const mergeSpec = {
      useLocalIO: 1,
      jobParameters: '-r . --exec "hadd %OUT %IN" -i "${TRN_OUTPUT0}" -o "${OUTPUT0}" ${TRN_LOG0} ${LOG0}',
    };
    await simple(6, 4, { skipScout: true, mergeOutput: true, mergeSpec });
    await generate(6);
    expect(await jobs(6)).toHaveLength(4);
    expect((await lfns(6, 'trn_output'))[0]).toMatch(/^panda\.um\./);
    await generate(6);
    expect(await jobs(6)).toHaveLength(4); // nothing to merge yet
    await held(6);
    const outputs = await rows(`select c.pandaid, c.datasetid, c.fileid, c.lfn, c.scope from doma_panda.jedi_dataset_contents c
      where c.jeditaskid = 6 and c.type in ('trn_output', 'trn_log') order by c.fileid`);
    await new AdderRepository(db.database).settle({
      jediTaskId: 6,
      outcomes: [],
      merging: (await jobs(6)).map(({ pandaid }) => ({
        pandaId: Number(pandaid),
        outputs: outputs
          .filter((file) => file.pandaid === pandaid)
          .map((file) => ({
            jediTaskId: 6,
            datasetId: Number(file.datasetid),
            fileId: Number(file.fileid),
            scope: String(file.scope),
            lfn: String(file.lfn),
            event: 'toBeMerged' as const,
            guid: `guid-${String(file.fileid)}`,
            fsizeBytes: 100,
          })),
      })),
    });
    await generate(6);
    const merge = (await jobs(6)).filter(({ processingtype }) => processingtype === 'pmerge');
    expect(merge).toMatchObject([{ jobstatus: 'activated', computingsite: QUEUE }]);
    expect(await contents(6, 'trn_output')).toEqual(Array.from({ length: 4 }, () => 'merging'));
    expect(await contents(6, 'output')).toEqual(['running']);
    expect(
      await rows(
        `select count(*)::int as n from doma_panda.jedi_job_retry_history where jeditaskid = 6 and relationtype = 'merge'`,
      ),
    ).toEqual([{ n: 4 }]);
    expect((await verdicts(6)).map(({ kind }) => kind)).toEqual(['job', 'merge']);
    await generate(6);
    expect(await jobs(6)).toHaveLength(5);
  });

  it('BASIC-12 a task no queue can take waits with the reason, gives its files back, and comes again by its date', async () => {
    await register('offline');
    tables.forget();
    await simple(7, 3, { skipScout: true });
    expect(await generate(7)).toMatchObject({ waiting: 1, done: 0 });
    const errordialog = '0 of 1 queues: 1 status (is offline)';
    expect(await task(7)).toMatchObject({
      status: 'pending',
      oldstatus: 'ready',
      errordialog,
      lockedby: null,
      frozentime: expect.any(Date),
    });
    expect(await jobs(7)).toEqual([]);
    expect(await contents(7, 'pseudo_input')).toEqual(Array.from({ length: 6 }, () => 'ready'));
    expect(await master(7)).toMatchObject({ nfilesused: 0 });
    expect(await verdicts(7)).toMatchObject([{ kind: 'job', verdict: { candidates: 1, chosen: [] } }]);
    expect(
      await rows(`select kind, reason, due_at > now() + interval '50 s' and due_at < now() + interval '70 s' as soon
      from panda_ops.next_action where object_id = 7`),
    ).toEqual([{ kind: 'task', reason: errordialog, soon: true }]);
    await register('online');
    tables.forget();
    await rows(`update panda_ops.next_action set due_at = now() where object_id = 7`); // a minute later
    await new WatchdogRepository(db.database).dueTasks();
    expect(await task(7)).toMatchObject({ status: 'ready' });
    expect((await topics(7)).at(-1)).toBe('task.ready');
    await generate(7);
    expect(await jobs(7)).toHaveLength(3);
    expect(await task(7)).toMatchObject({ status: 'running', errordialog: null, frozentime: null });
  });

  it('waits for a queue the task names and nobody has', async () => {
    await simple(8, 1, { site: 'NOWHERE' });
    await generate(8);
    expect(await task(8)).toMatchObject({ status: 'pending', errordialog: 'the task asks for NOWHERE: no such queue' });
  });

  it('stores nothing under a claim that another generator took over, and leaves the picks to it', async () => {
    await simple(9, 3, { skipScout: true });
    repository.meanwhile = () => rows(`update doma_panda.jedi_tasks set lockedby = 'job-generator:other' where jeditaskid = 9`);
    await generate(9);
    repository.meanwhile = undefined;
    expect(await jobs(9)).toEqual([]);
    expect(
      await rows(`select * from doma_panda.job_files f join doma_panda.jobs j using (pandaid) where j.jeditaskid = 9`),
    ).toEqual([]);
    expect(await task(9)).toMatchObject({ status: 'ready', lockedby: 'job-generator:other' });
    expect(await contents(9, 'pseudo_input')).toEqual(Array.from({ length: 6 }, () => 'picked'));
  });

  it('JEDI-core-02 takes a task up whose generator died after picking: nothing is lost, nothing is made twice', async () => {
    await simple(10, 3, { skipScout: true });
    repository.meanwhile = () => Promise.reject(new Error('killed'));
    await expect(generate(10)).rejects.toThrow('killed');
    repository.meanwhile = undefined;
    expect(await jobs(10)).toEqual([]);
    expect(await task(10)).toMatchObject({ status: 'ready', lockedby: null });
    await generate(10);
    expect(await jobs(10)).toHaveLength(3);
  });

  it('breaks a task whose jobs cannot be made, with the reason for its owner', async () => {
    const parameters = await map('prun-no-input.json', 11, { nEvents: 1 });
    const unknown = { type: 'constant', value: ' ${IN} ' };
    await aFedTask(db.database, ddm, 11, {
      ...parameters,
      jobParameters: [...(parameters.jobParameters as object[]), unknown],
    } as TaskParameters);
    expect(await generate(11)).toMatchObject({ failed: 1 });
    expect(await task(11)).toMatchObject({ status: 'tobroken', errordialog: expect.stringContaining('IN'), lockedby: null });
    expect(await jobs(11)).toEqual([]);
    expect(await contents(11, 'pseudo_input')).not.toContain('picked');
    expect((await topics(11)).at(-1)).toBe('task.prepared');
  });

  it('JEDI-core-04 two generators at once make each job once', async () => {
    const ids = [20, 21, 22, 23, 24, 25];
    for (const id of ids) await simple(id, 8, { skipScout: true });
    const others = [generator(2), generator(3)].map((made) => made.agent);
    await Promise.all([agent, ...others].map((one) => one.runOnce({ ids, sweep: false })));
    for (const id of ids) {
      expect(await jobs(id)).toHaveLength(8);
      expect(new Set(await lfns(id, 'output')).size).toBe(8);
      expect(await master(id)).toMatchObject({ nfilesused: 8 });
    }
  });

  it('makes no jobs for a work queue that is held back: the verdict is kept, the task keeps its state', async () => {
    await simple(30, 2, { skipScout: true });
    await rows(
      `update doma_panda.jedi_work_queue set queue_share = 10 where queue_id = (select workqueue_id from doma_panda.jedi_tasks where jeditaskid = 30)`,
    );
    const { agent: held } = generator(4);
    expect(await held.runOnce({ ids: [30], sweep: false })).toMatchObject({ waiting: 1 });
    expect(await jobs(30)).toEqual([]);
    expect(await task(30)).toMatchObject({ status: 'ready', lockedby: null });
    expect(await contents(30, 'pseudo_input')).not.toContain('picked');
    expect(await verdicts(30)).toMatchObject([{ kind: 'throttle', verdict: { kind: 'throttled', rule: 'queueShare' } }]);
    expect(await rows('select reason from panda_ops.next_action where object_id = 30')).toEqual([
      { reason: 'throttled: the work queue has a share of 10' },
    ]);
    await held.runOnce(); // the sweep leaves it alone until its date
    expect(await verdicts(30)).toHaveLength(1);
    await rows(`update doma_panda.jedi_work_queue set queue_share = null`);
    await generator(5).agent.runOnce({ ids: [30], sweep: false });
    expect(await jobs(30)).toHaveLength(2);
  });

  it('PRIO-01 PRIO-03 ranks the jobs of a user’s task behind the active jobs of the user, of an official one behind those of the group', async () => {
    const made = async (id: number, count: number, over: object) => {
      await simple(id, count, { skipScout: true, userName: 'dora', ...over });
      await generate(id);
      return (await jobs(id)).map(({ currentpriority }) => currentpriority);
    };
    const fresh = await made(540, 100, {});
    expect([fresh.slice(0, 5), fresh[5], fresh.slice(95)]).toEqual([
      [1000, 1000, 1000, 1000, 1000],
      999,
      [981, 981, 981, 981, 981],
    ]);
    expect(await made(541, 5, {})).toEqual([980, 980, 980, 980, 980]);
    expect(await made(542, 6, { workingGroup: 'phys-higgs' })).toEqual([1000, 1000, 1000, 1000, 1000, 999]);
    expect((await made(543, 5, { workingGroup: 'phys-higgs', userName: 'erin' }))[0]).toBe(999);
    expect((await made(544, 5, {}))[0]).toBe(979); // the group's jobs do not count for who submitted them
  });

  describe('with the throttler of production', () => {
    const limits = (...rows: [key: string, value: number][]) => {
      const config = new OperationalConfig();
      const where = { app: 'jedi', component: 'prod_job_throttler', type: 'int', vo: 'any' };
      expect(config.take(rows.map(([key, value]) => ({ ...where, key, value: String(value) })))).toEqual([]);
      return config;
    };
    const throttling = (seed: number, ...rows: [key: string, value: number][]) =>
      generator(seed, { plugins: 'wlcg:user:jobThrottler:production' }, limits(...rows)).agent;
    const inShare = async (share: string, id: number, over: object = {}) => {
      await simple(id, 8, { skipScout: true });
      const set = Object.entries({ gshare: share, ...over }).map(([column, value]) => `${column} = '${value}'`);
      await rows(`update doma_panda.jedi_tasks set ${set.join(', ')} where jeditaskid = ${id}`);
    };
    const queued = (share: string, firstId: number, count: number, over: object = {}) =>
      insertRows(
        db.database,
        ...Array.from({ length: count }, (_, i) =>
          aJob(firstId + i).with({ gshare: share, maxwalltime: null, currentpriority: 1_001, ...over }),
        ),
      );
    beforeAll(() =>
      rows(`insert into doma_panda.global_shares (name, value, parent, throttled) values
        ('Slow', 5, null, 'Y'), ('Capped', 5, null, null), ('Urgent', 5, null, null), ('Free', 5, null, 'N')`),
    );

    it('JEDI-jobgen-03 counts running and queued jobs of a share and resource type, skips where they are enough, and nowhere else', async () => {
      await inShare('Slow', 500);
      await inShare('Slow', 501, { resource_type: 'MCORE' });
      await inShare('Free', 502);
      for (const share of ['Slow', 'Free']) await queued(share, share === 'Slow' ? 900_000 : 900_100, 11);
      const agent = throttling(500, ['NQUEUELIMIT_Slow_SCORE', 10], ['NQUEUELIMIT_Free_SCORE', 10]);
      expect(await agent.runOnce({ ids: [500, 501, 502], sweep: false })).toMatchObject({ waiting: 1, done: 2 });
      expect(await jobs(500)).toEqual([]);
      expect([(await jobs(501)).length, (await jobs(502)).length]).toEqual([8, 8]);
      expect(await task(500)).toMatchObject({ status: 'ready', lockedby: null });
      const reason = 'nothing runs and 11 jobs are queued, the limit is 10';
      expect(await verdicts(500)).toMatchObject([
        { kind: 'throttle', verdict: { kind: 'throttled', rule: 'nothingRuns', mergeOnly: true, reason } },
      ]);
      expect(await rows('select reason from panda_ops.next_action where object_id = 500')).toEqual([
        { reason: `throttled: ${reason}` },
      ]);

      await rows(`update doma_panda.jobs_live set jobstatus = 'running' where pandaid between 900000 and 900009`);
      await throttling(501, ['NQUEUELIMIT_Slow_SCORE', 10]).runOnce({ ids: [500], sweep: false });
      expect(await jobs(500)).toHaveLength(8);
    });

    it('makes jobs for a task, and the next of its share finds the share full in the same cycle', async () => {
      await inShare('Capped', 510);
      await inShare('Capped', 511);
      await queued('Capped', 900_250, 1);
      const agent = throttling(502, ['NQUEUECAP_Capped', 7]);
      expect(await agent.runOnce({ ids: [510, 511], sweep: false })).toMatchObject({ done: 1, waiting: 1 });
      expect([(await jobs(510)).length, (await jobs(511)).length]).toEqual([8, 0]);
      expect(await verdicts(511)).toMatchObject([{ verdict: { rule: 'queueCap', reason: '9 jobs are queued, the cap is 7' } }]);
    });

    it('lets a task pass that is more urgent than all that is queued, and no other', async () => {
      await inShare('Urgent', 520, { currentpriority: 900 });
      await inShare('Urgent', 521, { currentpriority: 700 });
      await queued('Urgent', 900_200, 11, { currentpriority: 800 });
      const agent = throttling(505, ['NQUEUELIMIT_Urgent', 10]);
      await agent.runOnce({ ids: [520, 521], sweep: false });
      expect([(await jobs(520)).length, (await jobs(521)).length]).toEqual([8, 0]);
      expect(await verdicts(521)).toMatchObject([
        {
          kind: 'throttle',
          verdict: { rule: 'lowPriority', reason: 'only tasks of priority 900 and more pass, this one has 700' },
        },
      ]);
    });

    it('does not count what starts at a queue in standby whose slots follow its jobs, and counts promised slots as running', async () => {
      await inShare('Slow', 530, { resource_type: 'SCORE_HIMEM' });
      await insertRows(db.database, aQueue('STANDBY_A').with({ data: { ...queueData, status: 'standby' } }));
      await queued('Slow', 900_300, 11, { resource_type: 'SCORE_HIMEM', computingsite: 'STANDBY_A', jobstatus: 'starting' });
      await queued('Slow', 900_320, 1, { resource_type: 'SCORE_HIMEM' });
      const look = (seed: number) => throttling(seed, ['NQUEUELIMIT_Slow_SCORE_HIMEM', 10]).runOnce({ ids: [530], sweep: false });
      const slots = (n: number) =>
        rows(`delete from doma_panda.harvester_slots; insert into doma_panda.harvester_slots (pandaqueuename, gshare, resourcetype, numslots, modificationtime)
          values ('STANDBY_A', 'Slow', 'SCORE_HIMEM', ${n}, panda_ops.utc_now())`);
      await slots(1);
      expect(await look(506)).toMatchObject({ waiting: 1 });
      expect((await verdicts(530)).at(-1)).toMatchObject({
        verdict: { rule: 'enoughQueued', reason: expect.stringContaining('12 queued for 1 running') },
      });
      await slots(0);
      expect(await look(507)).toMatchObject({ done: 1 });
      await rows(
        `delete from doma_panda.harvester_slots; delete from doma_panda.schedconfig_json where panda_queue = 'STANDBY_A'`,
      );
    });
  });

  it('JEDI-jobgen-07 its sweep takes shares in turn: a crowd of one share does not keep another away', async () => {
    const crowd = [40, 41, 42, 43];
    for (const id of [...crowd, 44]) await simple(id, 1, { skipScout: true });
    await rows(`update doma_panda.jedi_tasks set currentpriority = 9000 where jeditaskid in (40, 41, 42, 43)`);
    await rows(`update doma_panda.jedi_tasks set gshare = 'Test', currentpriority = 1 where jeditaskid = 44`);
    await generator(6, { batch: 2 }).agent.runOnce();
    expect(await jobs(44)).toHaveLength(1);
    const served = await Promise.all(crowd.map(jobs));
    expect(served.flat()).toHaveLength(1);
  });

  it('BASIC-04 JEDI-core-03 serves VOs side by side, each by the plug-in configuration names for it, and refuses to start with one that is unknown', async () => {
    await simple(50, 1, { skipScout: true });
    await rows(
      `insert into doma_panda.jedi_work_queue (queue_id, queue_name, queue_type, vo, queue_function) values (99, 'esc', 'user', 'esc', 'WQ')`,
    );
    await simple(51, 1, { skipScout: true, vo: 'esc' });
    await generator(7, { plugins: 'wlcg:user:jobThrottler:analysis' }).agent.runOnce({ ids: [50, 51], sweep: false });
    expect(await verdicts(50)).toMatchObject([{ kind: 'throttle', verdict: { rule: 'shareThrottled' } }]);
    expect(await verdicts(51)).toMatchObject([{ kind: 'job', verdict: { broker: 'generic' } }]);
    expect([(await jobs(50)).length, (await jobs(51)).length]).toEqual([0, 1]);
    expect(() => generator(8, { plugins: 'wlcg:user:jobBroker:best' })).toThrow(PluginConfigurationError);
  });

  it('stores a large task in several transactions, each job once', async () => {
    await simple(60, 250, { skipScout: true });
    const { agent: slow } = generator(9, { jobsPerTransaction: 40, jobsPerRound: 20 });
    let rounds = 0;
    for (let more = true; more; rounds++) ({ more } = await slow.runOnce({ ids: [60], sweep: false }));
    expect(rounds).toBeGreaterThan(1);
    expect(await jobs(60)).toHaveLength(250);
    expect(new Set(await lfns(60, 'output')).size).toBe(250);
    expect(await contents(60, 'pseudo_input')).toEqual(Array.from({ length: 500 }, () => 'running'));
  });

  it('lets the tables of pilots, links and software decide where production work goes', async () => {
    const site = (name: string, changes: object) =>
      new SiteRepository(db.database).register({
        site: `SITE_${name}`,
        endpoint: { name: `SITE_${name}_DATADISK`, baseUrl: 'file:///nowhere', spaceGb: 100_000 },
        harvester: `harvester_${name.toLowerCase()}`,
        queue: { name: `QUEUE_${name}`, data: { ...queueData, ...changes } },
      });
    await site('P', { releases: ['AUTO'] });
    await rows(`delete from doma_panda.schedconfig_json where panda_queue = '${QUEUE}'`);
    const made = generator(11, { plugins: 'wlcg:user:jobBroker:production' });
    let id = 80;
    const why = async (over: object = {}, priority = 100) => {
      id += 1;
      await simple(id, 1, { skipScout: true, ...over });
      await rows(`update doma_panda.jedi_tasks set nucleus = 'SITE_N', currentpriority = ${priority} where jeditaskid = ${id}`);
      made.operators.forget();
      await made.agent.runOnce({ ids: [id], sweep: false });
      return (await task(id))?.errordialog;
    };
    const link = (key: string, value: number) =>
      rows(`insert into doma_panda.network_matrix_kv (src, dst, key, value) values ('SITE_P', 'SITE_N', '${key}', ${value})
        on conflict (src, dst, key) do update set value = excluded.value`);

    expect(await why()).toContain('1 nopilot');
    await rows(`insert into doma_pandameta.sitedata (site, flag, hours, getjob) values ('QUEUE_P', 'production', 3, 9)`);
    await link('AGIS_closeness', -1);
    expect(await why()).toContain('1 link_unusable');
    await link('AGIS_closeness', 3);
    await link('Production Output_queued', 151);
    expect(await why()).toContain('1 links_full');
    await link('Production Output_queued', 12);
    expect(await why({ architecture: '&nvidia' })).toContain('1 cache');
    await rows(
      `insert into doma_panda.sw_tags (panda_queue, data) values ('QUEUE_P', '{"architectures": [{"type": "gpu", "vendor": ["nvidia"]}]}')`,
    );
    expect(await why({ architecture: '&nvidia' })).toBeNull();
    expect(await jobs(id)).toMatchObject([{ computingsite: 'QUEUE_P' }]);
    await site('N', { status: 'offline' }); // a queue of the nucleus itself
    expect(await why({}, 900)).toContain('1 opportunistic');
  });
});
