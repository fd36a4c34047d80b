import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics } from '@panda/contracts';
import { nudge, statement, transitionInputDatasets, transitionJobs, transitionTasks } from '@panda/database';
import { aDataset, aDeftTask, aJob, aTask, insertRows, pg, type TestDatabase } from '@panda/testing';

const readTask = statement<{ id: number }, Record<string, unknown>>(
  'test.readTask',
  `select t.status, t.oldstatus, t.superstatus, t.errordialog, t.lockedby, t.starttime, t.endtime, d.status as deft
   from doma_panda.jedi_tasks t left join doma_deft.t_task d on d.taskid = t.jeditaskid where t.jeditaskid = $id`,
);
const taskLog = statement<{ id: number }, { status: string; reason: string | null; modificationhost: string }>(
  'test.taskLog',
  'select status, reason, modificationhost from doma_panda.tasks_statuslog where jeditaskid = $id order by modificationtime',
);
const jobHomes = statement<{ id: number }, { home: string; jobstatus: string; taskbuffererrorcode: number }>(
  'test.jobHomes',
  `select 'active4' as home, jobstatus, taskbuffererrorcode from doma_panda.jobsactive4 where pandaid = $id
   union all select 'archived4', jobstatus, taskbuffererrorcode from doma_panda.jobsarchived4 where pandaid = $id`,
);
const jobLog = statement<{ id: number }, { jobstatus: string }>(
  'test.jobLog',
  'select jobstatus from doma_panda.jobs_statuslog where pandaid = $id order by modificationtime',
);
const outboxOf = statement<{ type: string }, { ids: number[]; aggregate: string }>(
  'test.outboxOf',
  `select payload -> 'ids' as ids, aggregate from panda_ops.outbox where type = $type order by ord`,
);

describe('transitions', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await pg();
  }, 60_000);
  afterAll(() => db.close());

  it('DB-18 moves a task with status log, memory and DEFT mirror in one statement', async () => {
    await insertRows(db.database, aTask(1).lockedBy('w:1'), aDeftTask(1));
    const held = await transitionTasks(db.database, {
      ids: [1],
      event: 'held',
      actor: 'jedi-job-generator',
      claim: 'w:1',
      errorDialog: 'no candidate queue',
      unlock: true,
      frozen: 'start',
    });
    expect(held).toEqual({ moved: [{ id: 1, from: 'ready', to: 'pending' }], losers: [] });
    expect((await db.database.run(readTask, { id: 1 }))[0]).toMatchObject({
      status: 'pending',
      oldstatus: 'ready',
      superstatus: 'pending',
      deft: 'pending',
      errordialog: 'no candidate queue',
      lockedby: null,
    });
    await transitionTasks(db.database, { ids: [1], event: 'released', actor: 'jedi-watchdog', errorDialog: null });
    expect((await db.database.run(readTask, { id: 1 }))[0]).toMatchObject({
      status: 'ready',
      oldstatus: null,
      errordialog: null,
    });
    expect(await db.database.run(taskLog, { id: 1 })).toEqual([
      { status: 'pending', reason: 'no candidate queue', modificationhost: 'jedi-job-generator' },
      { status: 'ready', reason: null, modificationhost: 'jedi-watchdog' },
    ]);
  });

  it('mirrors scouting as submitting and stamps the first start', async () => {
    await insertRows(db.database, aTask(2), aDeftTask(2));
    await transitionTasks(db.database, { ids: [2], event: 'scoutsSent', actor: 'jedi-job-generator' });
    const [row] = await db.database.run(readTask, { id: 2 });
    expect(row).toMatchObject({ status: 'scouting', deft: 'submitting', endtime: null });
    expect(row?.starttime).toBeInstanceOf(Date);
  });

  it('names who lost the race instead of moving from an unexpected state', async () => {
    await insertRows(db.database, aTask(3), aTask(4).inStatus('done'));
    const result = await transitionTasks(db.database, { ids: [3, 4, 5], event: 'scoutsSent', actor: 'jedi-job-generator' });
    expect(result.moved.map((m) => m.id)).toEqual([3]);
    expect(result.losers).toEqual([4, 5]);
  });

  it('refuses a write under a claim that somebody else took over', async () => {
    await insertRows(db.database, aTask(6).lockedBy('new:2'));
    const result = await transitionTasks(db.database, {
      ids: [6],
      event: 'scoutsSent',
      actor: 'jedi-job-generator',
      claim: 'old:1',
    });
    expect(result).toEqual({ moved: [], losers: [6] });
  });

  it('refuses an event the service may not fire', async () => {
    await expect(transitionTasks(db.database, { ids: [3], event: 'scoutsSent', actor: 'gateway' })).rejects.toThrow(/scoutsSent/);
  });

  it('lets only one of two concurrent moves win', async () => {
    await insertRows(db.database, aTask(7));
    const fire = () => transitionTasks(db.database, { ids: [7], event: 'scoutsSent', actor: 'jedi-job-generator' });
    const results = await Promise.all([fire(), fire(), fire()]);
    expect(results.flatMap((r) => r.moved)).toHaveLength(1);
    expect(results.flatMap((r) => r.losers)).toEqual([7, 7]);
  });

  it('DB-14 DB-18 moves a job from its live home to the archive when it ends, with one log row each time', async () => {
    await insertRows(db.database, aJob(100).inStatus('sent'));
    await transitionJobs(db.database, { ids: [100], event: 'pilotRunning', actor: 'gateway' });
    expect(await db.database.run(jobHomes, { id: 100 })).toEqual([
      { home: 'active4', jobstatus: 'running', taskbuffererrorcode: 0 },
    ]);
    await transitionJobs(db.database, {
      ids: [100],
      event: 'cancelled',
      actor: 'jedi-task-commando',
      errors: { taskBuffer: { code: 100, diag: 'killed by alice' } },
    });
    expect(await db.database.run(jobHomes, { id: 100 })).toEqual([
      { home: 'archived4', jobstatus: 'cancelled', taskbuffererrorcode: 100 },
    ]);
    expect((await db.database.run(jobLog, { id: 100 })).map((row) => row.jobstatus)).toEqual(['running', 'cancelled']);
  });

  it('never leaves a final job state', async () => {
    await insertRows(db.database, aJob(101).inStatus('finished'));
    const result = await transitionJobs(db.database, { ids: [101], event: 'timedOut', actor: 'daemon' });
    expect(result).toEqual({ moved: [], losers: [101] });
  });

  it('does not fail a job whose heartbeat came within the limit', async () => {
    await insertRows(
      db.database,
      aJob(102).inStatus('running'),
      aJob(103).inStatus('running').with({ modificationtime: '2999-01-01' }),
    );
    const result = await transitionJobs(db.database, {
      ids: [102, 103],
      event: 'timedOut',
      actor: 'daemon',
      idleS: 7200,
      lostHeartbeat: true,
    });
    expect(result.moved.map((m) => m.id)).toEqual([102]);
    expect(result.losers).toEqual([103]);
  });

  it('moves input datasets only, and only from the states of their machine', async () => {
    await insertRows(db.database, aDataset(10).inStatus('defined'), aDataset(11).output());
    const move = await transitionInputDatasets(db.database, {
      datasets: [
        { jediTaskId: 1, datasetId: 10 },
        { jediTaskId: 1, datasetId: 11 },
      ],
      event: 'filled',
      actor: 'jedi-contents-feeder',
      state: 'closed',
    });
    expect(move).toEqual({ moved: [{ id: 10, from: 'defined', to: 'ready' }], losers: [11] });
  });

  it('writes nudges in the transaction, in chunks, without duplicates', async () => {
    const ids = Array.from({ length: 1_500 }, (_, i) => i + 1);
    await db.database.transaction(async (tx) => {
      expect(await nudge(tx, topics.taskReady, [...ids, 1, 2])).toBe(2);
      expect(await nudge(tx, topics.taskPrepared, [42])).toBe(1);
      expect(await nudge(tx, topics.taskPrepared, [])).toBe(0);
    });
    const ready = await db.database.run(outboxOf, { type: 'task.ready' });
    expect(ready.map((row) => row.ids.length)).toEqual([1000, 500]);
    expect(await db.database.run(outboxOf, { type: 'task.prepared' })).toEqual([{ ids: [42], aggregate: 'task:42' }]);
  });

  it('keeps no nudge of a transaction that rolled back', async () => {
    await expect(
      db.database.transaction(async (tx) => {
        await nudge(tx, topics.taskAssigning, [1]);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await db.database.run(outboxOf, { type: 'task.assigning' })).toEqual([]);
  });
});
