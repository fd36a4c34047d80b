import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandRepository, FinalisationRepository, RetryRepository } from '@panda/database';
import { inputFileStatus, jobStatus, type TaskStatus, taskStatus } from '@panda/domain';
import { aDataset, aFile, aJob, aTask, insertRows, pg, type TestDatabase, testRuntime } from '@panda/testing';
import { CommandAcceptance } from './command-acceptance.js';
import { FinishTask } from './commands/finish.js';
import { IncrementalExecution } from './commands/incexec.js';
import { KillTask } from './commands/kill.js';
import { ReassignTask } from './commands/reassign.js';
import { RetryTask } from './commands/retry.js';
import { TaskCommandoAgent } from './task-commando.agent.js';
import { taskCommandoKeys } from './task-commando.config.js';

describe('the task commando', () => {
  let db: TestDatabase;
  let agent: TaskCommandoAgent;

  beforeAll(async () => {
    db = await pg();
    const tasks = new CommandRepository(db.database);
    const retries = new RetryRepository();
    agent = new TaskCommandoAgent(
      testRuntime(),
      taskCommandoKeys.with({}),
      tasks,
      new CommandAcceptance(tasks),
      new KillTask(tasks),
      new FinishTask(tasks, new FinalisationRepository(db.database)),
      new RetryTask(tasks, retries),
      new IncrementalExecution(tasks, retries),
      new ReassignTask(tasks),
    );
  });
  afterAll(() => db.close());

  const rows = async (sql: string) => (await db.database.pool.query(sql)).rows as Record<string, unknown>[];
  const task = async (id: number) => (await rows(`select * from doma_panda.jedi_tasks where jeditaskid = ${id}`))[0];
  const jobsOf = async (id: number) =>
    (await rows(`select jobstatus, commandtopilot as told from doma_panda.jobs where jeditaskid = ${id} order by pandaid`)).map(
      ({ jobstatus, told }) => (told ? `${jobstatus} ${told}` : jobstatus),
    );
  const topicsOf = async (id: number) =>
    (await rows(`select routing_key from panda_ops.outbox where aggregate = 'task:${id}' order by ord`))
      .map(({ routing_key }) => routing_key)
      .filter((topic) => topic !== 'task.commanded');
  const commandOf = async (id: number) =>
    (await rows(`select comm_cmd, comm_comment from doma_deft.prodsys_comm where comm_task = ${id}`))[0];
  const order = async (id: number, command: string, comment: string | null = null, parameters: string | null = null) => {
    await db.database.pool.query('delete from doma_deft.prodsys_comm where comm_task = $1', [id]);
    await db.database.pool.query(
      `insert into doma_deft.prodsys_comm (comm_task, comm_owner, comm_cmd, comm_ts, comm_comment, comm_parameters)
       values ($1, 'DEFT', $2, 1, $3, $4)`,
      [id, command, comment, parameters],
    );
    return agent.runOnce({ ids: [id], sweep: false });
  };
  const goOn = (id: number) => agent.runOnce({ ids: [id], sweep: false });
  const inStatus = (id: number, status: TaskStatus) => aTask(id).inStatus(status).with({ attemptnr: 0 });
  /** A running task with a job that waits and one that runs. */
  const running = (id: number) =>
    insertRows(
      db.database,
      inStatus(id, taskStatus.running),
      aDataset(10 * id)
        .ofTask(id)
        .counting(4, 2, 0, 0),
      aDataset(10 * id + 1)
        .ofTask(id)
        .output(),
      aJob(10 * id).ofTask(id),
      aJob(10 * id + 1)
        .ofTask(id)
        .inStatus(jobStatus.running),
    );
  const end = (pandaId: number) =>
    rows(`update doma_panda.jobs set jobstatus = 'failed', is_final = true where pandaid = ${pandaId}`);
  /** An ended task: one file finished, one out of attempts, one cancelled. */
  const ended = (id: number, status: TaskStatus = taskStatus.finished) =>
    insertRows(
      db.database,
      inStatus(id, status),
      aDataset(10 * id)
        .ofTask(id)
        .counting(3, 3, 1, 2)
        .inStatus('finished'),
      aDataset(10 * id + 1)
        .ofTask(id)
        .output()
        .inStatus('finished'),
      aFile(100 * id)
        .in(id, 10 * id)
        .inStatus(inputFileStatus.finished),
      aFile(100 * id + 1)
        .in(id, 10 * id)
        .attempts(3, 3),
      aFile(100 * id + 2)
        .in(id, 10 * id)
        .inStatus(inputFileStatus.cancelled),
    );
  const datasetsOf = (id: number) =>
    rows(`select status, nfilestobeused as usable, nfilesused as used, nfilesfinished as finished, nfilesfailed as failed
      from doma_panda.jedi_datasets where jeditaskid = ${id} order by datasetid`);

  it('JEDI-tcommando-01 kill ends waiting jobs, asks pilots, and aborts when the last job has ended', async () => {
    await running(1);
    expect(await order(1, 'kill', 'enough')).toMatchObject({ claimed: 1, waiting: 1 });
    expect(await task(1)).toMatchObject({ status: 'aborting', oldstatus: 'running', errordialog: 'enough' });
    expect(await jobsOf(1)).toEqual(['cancelled', 'running tobekilled']);
    await end(11);
    await goOn(1);
    expect(await task(1)).toMatchObject({ status: 'toabort', errordialog: 'enough' });
    expect(await topicsOf(1)).toEqual(['task.progressed', 'task.prepared']);
    expect(await commandOf(1)).toEqual({ comm_cmd: 'killing', comm_comment: 'enough' });
  });

  it('takes a command once, and takes the task from the agent that holds it', async () => {
    await insertRows(db.database, inStatus(2, taskStatus.ready).lockedBy('jedi-job-generator:x'));
    expect(await order(2, 'kill')).toMatchObject({ done: 1 });
    expect(await task(2)).toMatchObject({ status: 'toabort', lockedby: null });
    expect(await goOn(2)).toMatchObject({ claimed: 0 });
    expect(await rows('select count(*)::int as n from doma_panda.tasks_statuslog where jeditaskid = 2')).toEqual([{ n: 2 }]);
  });

  it('T6 carries a command out once, however many commandos see it', async () => {
    await running(46);
    await db.database.pool.query(
      `insert into doma_deft.prodsys_comm (comm_task, comm_owner, comm_cmd, comm_ts) values (46, 'DEFT', 'kill', 1)`,
    );
    await Promise.all([1, 2, 3].map(() => goOn(46)));
    expect(await jobsOf(46)).toEqual(['cancelled', 'running tobekilled']);
    expect(await commandOf(46)).toMatchObject({ comm_cmd: 'killing' });
    expect(
      await rows(`select count(*)::int as n from doma_panda.tasks_statuslog where jeditaskid = 46 and status = 'aborting'`),
    ).toEqual([{ n: 1 }]);
  });

  it('refuses a command with its reason and leaves the task alone', async () => {
    await insertRows(db.database, inStatus(3, taskStatus.done));
    expect(await order(3, 'kill')).toMatchObject({ failed: 1 });
    expect(await commandOf(3)).toEqual({
      comm_cmd: 'kill failed',
      comm_comment: 'Command rejected: the kill command is not accepted if the task is in done status',
    });
    expect(await task(3)).toMatchObject({ status: 'done' });
    expect(await order(999, 'pause')).toMatchObject({ failed: 1 });
    expect(await commandOf(999)).toEqual({ comm_cmd: 'pause failed', comm_comment: 'jediTaskID=999 not found' });
  });

  it('JEDI-tcommando-02 soft finish starts nothing new and waits for what runs', async () => {
    await running(4);
    await order(4, 'finish', 'soft finish');
    expect(await jobsOf(4)).toEqual(['cancelled', 'running']);
    expect(await task(4)).toMatchObject({ status: 'finishing' });
    await end(41);
    await goOn(4);
    expect(await task(4)).toMatchObject({ status: 'passed' });
    expect((await topicsOf(4)).at(-1)).toBe('task.prepared');
  });

  it('JEDI-tcommando-03 hard finish ends all jobs and the task at once, with the input as it is', async () => {
    await running(5);
    await rows(`update doma_panda.jedi_tasks set splitrule = 'NF=1,FG=1' where jeditaskid = 5`);
    await order(5, 'finish');
    expect(await jobsOf(5)).toEqual(['cancelled', 'cancelled']);
    expect(await task(5)).toMatchObject({ status: 'passed', splitrule: 'NF=1' });
    expect((await datasetsOf(5))[0]).toMatchObject({ usable: 0 });
  });

  it('JEDI-tcommando-04 retry gives unsuccessful input attempts again, and the same output', async () => {
    await ended(6);
    await order(6, 'retry');
    expect(await task(6)).toMatchObject({ status: 'ready', attemptnr: 1, endtime: null, errordialog: null });
    expect(await datasetsOf(6)).toMatchObject([
      { status: 'ready', usable: 3, used: 1, finished: 1, failed: 0 },
      { status: 'running' },
    ]);
    expect(
      await rows('select status, maxattempt from doma_panda.jedi_dataset_contents where jeditaskid = 6 order by fileid'),
    ).toEqual([
      { status: 'finished', maxattempt: 3 },
      { status: 'ready', maxattempt: 8 },
      { status: 'ready', maxattempt: 3 },
    ]);
    expect(await topicsOf(6)).toEqual(['task.ready']);
    expect(await rows('select attemptnr, startstatus from doma_panda.task_attempts where jeditaskid = 6')).toEqual([
      { attemptnr: 1, startstatus: 'ready' },
    ]);
  });

  it.each([
    [61, 'keep gshare priority'],
    [62, null],
  ])('retry of task %i leaves share and priority as they are, with the words "%s"', async (id, comment) => {
    await ended(id);
    await db.database.pool.query(
      "update doma_panda.jedi_tasks set gshare = 'Express', currentpriority = 4321 where jeditaskid = $1",
      [id],
    );
    await order(id, 'retry', comment);
    expect(await task(id)).toMatchObject({ status: 'ready', gshare: 'Express', currentpriority: 4321 });
  });

  it('JEDI-tcommando-04 retry is refused for broken tasks, and where nothing is left to retry', async () => {
    await insertRows(db.database, inStatus(7, taskStatus.broken));
    expect(await order(7, 'retry')).toMatchObject({ failed: 1 });
    expect(await task(7)).toMatchObject({ status: 'broken' });
    await ended(8);
    await rows(`update doma_panda.jedi_dataset_contents set status = 'finished' where jeditaskid = 8`);
    await order(8, 'retry');
    expect(await task(8)).toMatchObject({ status: 'finished', attemptnr: 0 });
    expect(await commandOf(8)).toMatchObject({ comm_cmd: 'retry failed' });
  });

  it('retry lets an exhausted task go on where it was', async () => {
    await insertRows(
      db.database,
      inStatus(9, taskStatus.exhausted).with({ oldstatus: taskStatus.scouting }),
      inStatus(109, taskStatus.exhausted).with({ oldstatus: taskStatus.registered }),
    );
    await order(9, 'retry');
    await order(109, 'retry');
    expect(await task(9)).toMatchObject({ status: 'running' });
    expect(await task(109)).toMatchObject({ status: 'registered', oldstatus: null });
    expect([await topicsOf(9), await topicsOf(109)]).toEqual([['task.ready'], ['task.submitted']]);
  });

  it('retry reaches the tasks that work on the output, unless only this one is meant', async () => {
    const child = (id: number, parent: number, status: TaskStatus) => [
      inStatus(id, status).childOf(parent),
      aDataset(10 * id)
        .ofTask(id)
        .with({ datasetname: `user.alice:dataset${10 * parent + 1}` })
        .inStatus('finished'),
    ];
    await ended(20);
    await ended(21);
    await insertRows(
      db.database,
      ...child(22, 20, taskStatus.done),
      ...child(23, 21, taskStatus.done),
      inStatus(24, taskStatus.pending).childOf(20),
    );
    await order(20, 'retry');
    await order(21, 'retry', 'sole ');
    expect(await commandOf(22)).toEqual({ comm_cmd: 'incexec', comm_comment: 'parent task 20 is retried' });
    expect(await task(24)).toMatchObject({ status: 'registered' });
    expect(await commandOf(23)).toBeUndefined();
  });

  const parameters = {
    taskName: 'user.alice.task',
    userName: 'alice',
    vo: 'wlcg',
    taskPriority: 1000,
    architecture: '',
    transUses: '',
    transHome: '',
    transPath: 'x',
    processingType: 'panda-client',
    taskType: 'anal',
    prodSourceLabel: 'user',
    jobParameters: [{ type: 'constant', value: '-a old.tgz' }],
    log: { type: 'template', param_type: 'log', value: 'log.${SN}.tgz', dataset: 'user.alice.log' },
    site: 'QUEUE_A',
    nFiles: 2,
  };

  it('JEDI-tcommando-05 incexec merges the new parameters, looks input up again and refines the task anew', async () => {
    await ended(30, taskStatus.done);
    await db.database.pool.query('insert into doma_panda.jedi_taskparams values (30, $1)', [JSON.stringify(parameters)]);
    await order(30, 'incexec', null, JSON.stringify({ fixedSandbox: 'new.tgz', site: null }));
    expect(await commandOf(30)).toMatchObject({ comm_cmd: 'incexecing' });
    expect(await task(30)).toMatchObject({ status: 'rerefine', attemptnr: 1 });
    expect(await datasetsOf(30)).toMatchObject([{ status: 'toupdate', used: 1, failed: 0 }, { status: 'running' }]);
    const [stored] = await rows('select taskparams from doma_panda.jedi_taskparams where jeditaskid = 30');
    const map = JSON.parse(stored?.taskparams as string);
    expect(map).toMatchObject({ fixedSandbox: 'new.tgz', jobParameters: [{ value: '-a new.tgz' }] });
    expect(map).not.toHaveProperty('nFiles');
    expect(map).not.toHaveProperty('site');
    expect(await topicsOf(30)).toEqual(['task.submitted']);
  });

  it('incexec with unusable parameters changes nothing', async () => {
    await ended(31);
    await db.database.pool.query('insert into doma_panda.jedi_taskparams values (31, $1)', [JSON.stringify(parameters)]);
    await order(31, 'incexec', null, JSON.stringify({ taskPriority: 'high' }));
    expect(await task(31)).toMatchObject({ status: 'finished', attemptnr: 0, errordialog: 'taskPriority must be a number' });
    expect(await commandOf(31)).toEqual({ comm_cmd: 'incexec failed', comm_comment: 'taskPriority must be a number' });
    expect((await datasetsOf(31))[0]).toMatchObject({ status: 'finished', failed: 2 });
  });

  it('JEDI-tcommando-06 JEDI-tcommando-07 pause holds queued jobs back, resume hands them out again', async () => {
    await running(40);
    await order(40, 'pause');
    expect(await task(40)).toMatchObject({ status: 'paused', oldstatus: 'running' });
    expect(await jobsOf(40)).toEqual(['throttled', 'running']);
    await order(40, 'resume');
    expect(await task(40)).toMatchObject({ status: 'running', oldstatus: null });
    expect(await jobsOf(40)).toEqual(['activated', 'running']);
    expect(await topicsOf(40)).toEqual(['task.ready']);
  });

  it('JEDI-tcommando-08 avalanche lets the next finalisation open it', async () => {
    await insertRows(db.database, inStatus(41, taskStatus.scouting));
    await order(41, 'avalanche');
    expect(await task(41)).toMatchObject({ status: 'scouting', walltimeunit: 'ava' });
    expect(await topicsOf(41)).toEqual(['task.progressed']);
  });

  it('release lets a waiting task try at once', async () => {
    await insertRows(
      db.database,
      inStatus(42, taskStatus.pending).with({ oldstatus: taskStatus.ready, errordialog: 'no queue', frozentime: '2026-01-01' }),
    );
    await rows(`insert into panda_ops.next_action values ('task', 42, now() + interval '1 hour', 'no queue')`);
    await order(42, 'release');
    expect(await task(42)).toMatchObject({ status: 'ready', errordialog: null, frozentime: null });
    expect(await rows(`select * from panda_ops.next_action where object_id = 42`)).toEqual([]);
    expect(await topicsOf(42)).toEqual(['task.ready']);
  });

  it('reassign gives up the jobs it is told to and binds the task', async () => {
    await running(43);
    await order(43, 'reassign', 'site:QUEUE_B:y:soft reassign');
    expect(await task(43)).toMatchObject({ status: 'running', site: 'QUEUE_B' });
    expect(await jobsOf(43)).toEqual(['closed', 'running']);
    await running(44);
    await order(44, 'reassign', 'nucleus:NUC:n');
    expect(await task(44)).toMatchObject({ status: 'reassigning', nucleus: 'NUC' });
    expect(await jobsOf(44)).toEqual(['closed', 'closed']);
  });

  it('tells pilots again when a command is under way for long', async () => {
    await running(45);
    await order(45, 'kill');
    await rows('update doma_panda.jobs set commandtopilot = null where pandaid = 451');
    await rows(
      `update doma_panda.jedi_tasks set modificationtime = panda_ops.utc_now() - interval '6 minutes' where jeditaskid = 45`,
    );
    await agent.runOnce();
    expect(await jobsOf(45)).toEqual(['cancelled', 'running tobekilled']);
    const [touched] = await rows(
      `select modificationtime > panda_ops.utc_now() - interval '1 minute' as lately from doma_panda.jedi_tasks where jeditaskid = 45`,
    );
    expect(touched).toEqual({ lately: true });
  });
});
