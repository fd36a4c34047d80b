import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AgentRuntime, Leases, PeriodicScript } from '@panda/agents';
import { OperationalConfig } from '@panda/config';
import { CLAIM_STALE_S, WatchdogRepository } from '@panda/database';
import { inputFileStatus, jobStatus, type TaskStatus, taskStatus } from '@panda/domain';
import { PromMetrics, ServiceIdentity, SystemClock, SystemRandom, UuidV7 } from '@panda/runtime';
import {
  aDataset,
  aFile,
  aJob,
  aTask,
  insertRows,
  pg,
  RecordingLog,
  type TestDatabase,
  type TestRuntime,
  testRuntime,
} from '@panda/testing';
import { watchdogKeys } from '../watchdog.config.js';
import { BoostTail } from './boost-tail.watchdog.js';
import { FinishAtGoal } from './finish-at-goal.watchdog.js';
import { FinishExhausted } from './finish-exhausted.watchdog.js';
import { HoldPaused } from './hold-paused.watchdog.js';
import { MoveReassigned } from './move-reassigned.watchdog.js';
import { ReleasePending } from './release-pending.watchdog.js';
import { RepairCounters } from './repair-counters.watchdog.js';
import { RescuePicked } from './rescue-picked.watchdog.js';
import { UnlockStale } from './unlock-stale.watchdog.js';
import { WakeDue } from './wake-due.watchdog.js';
import { Watchdogs } from './watchdogs.js';

describe('the named watchdogs', () => {
  let db: TestDatabase;
  let tasks: WatchdogRepository;
  let runtime: TestRuntime;
  const config = watchdogKeys.with({});

  beforeAll(async () => {
    db = await pg();
    tasks = new WatchdogRepository(db.database);
    runtime = testRuntime();
  });
  afterAll(() => db.close());

  const rows = async (sql: string) => (await db.database.pool.query(sql)).rows as Record<string, unknown>[];
  const task = async (id: number) => (await rows(`select * from doma_panda.jedi_tasks where jeditaskid = ${id}`))[0];
  const topicsOf = async (id: number) =>
    (await rows(`select routing_key from panda_ops.outbox where aggregate = 'task:${id}' order by ord`)).map(
      ({ routing_key }) => routing_key,
    );
  const run = (script: PeriodicScript) =>
    script.run({ arguments: [], signal: new AbortController().signal, fence: () => Promise.resolve() });
  /** Columns of times lie so many minutes back. */
  const aged = (id: number, minutes: number, ...columns: string[]) =>
    rows(
      `update doma_panda.jedi_tasks set ${columns.map((c) => `${c} = panda_ops.utc_now() - interval '${minutes} minutes'`).join(', ')} where jeditaskid = ${id}`,
    );
  const pending = async (id: number, minutes: number, columns: Record<string, string | number> = {}) => {
    await insertRows(
      db.database,
      aTask(id)
        .inStatus(taskStatus.pending)
        .with({ oldstatus: taskStatus.ready, currentpriority: 100, ...columns }),
    );
    await aged(id, minutes, 'modificationtime');
  };

  it('F7 rescue-picked gives back what a dead generator had picked, with the counters', async () => {
    await insertRows(
      db.database,
      aTask(1).running().lockedBy('jedi-job-generator:dead'),
      aTask(2).running().lockedBy('jedi-job-generator:alive'),
      aDataset(10).ofTask(1).counting(2, 2),
      aFile(100).in(1, 10).inStatus(inputFileStatus.picked),
      aFile(101).in(1, 10).inStatus(inputFileStatus.running),
      aDataset(20).ofTask(2).counting(1, 1),
      aFile(200).in(2, 20).inStatus(inputFileStatus.picked),
    );
    await aged(1, 31, 'lockedtime', 'modificationtime');
    await aged(2, 31, 'modificationtime');
    await rows('update doma_panda.jedi_tasks set lockedtime = panda_ops.utc_now() where jeditaskid = 2');
    await run(new RescuePicked(tasks, config, runtime.log));
    expect(await rows('select status from doma_panda.jedi_dataset_contents order by fileid')).toEqual([
      { status: 'ready' },
      { status: 'running' },
      { status: 'picked' },
    ]);
    expect(await rows('select nfilesused as used from doma_panda.jedi_datasets order by datasetid')).toEqual([
      { used: 1 },
      { used: 1 },
    ]);
    expect(await task(1)).toMatchObject({ lockedby: null });
    expect(await topicsOf(1)).toEqual(['task.ready']);
  });

  it('unlock-stale gives up the claims of dead agents and wakes the living ones', async () => {
    await insertRows(
      db.database,
      aTask(3).inStatus(taskStatus.defined).lockedBy('jedi-contents-feeder:dead'),
      aTask(4).inStatus(taskStatus.defined).lockedBy('jedi-contents-feeder:alive'),
    );
    await aged(3, 11, 'lockedtime');
    await rows('update doma_panda.jedi_tasks set lockedtime = panda_ops.utc_now() where jeditaskid = 4');
    await run(new UnlockStale(tasks, config, runtime.log));
    expect([(await task(3))?.lockedby, (await task(4))?.lockedby]).toEqual([null, 'jedi-contents-feeder:alive']);
    expect(await topicsOf(3)).toEqual(['task.refined']);
  });

  it('an agent that died is succeeded within 30 s, and what its generator had picked is free again', async () => {
    await insertRows(
      db.database,
      aTask(5).running().lockedBy('job-generator:dead'),
      aTask(6).running().lockedBy('job-generator:slow'),
      aDataset(50).ofTask(5).counting(1, 1),
      aFile(500).in(5, 50).inStatus(inputFileStatus.picked),
    );
    const lockedS = (id: number, seconds: number) =>
      rows(
        `update doma_panda.jedi_tasks set lockedtime = panda_ops.utc_now() - interval '${seconds} seconds' where jeditaskid = ${id}`,
      );
    const limitS = config.lockedAfterMs / 1_000;
    await lockedS(5, limitS + 1);
    await lockedS(6, limitS - 5);
    const own = testRuntime();
    const leases = new Leases(db.database, own, new ServiceIdentity('jedi-watchdog', 'clocked'));
    const unlock = new UnlockStale(tasks, config, runtime.log);
    let ran: () => void = () => undefined;
    const seen = new Promise<void>((resolve) => {
      ran = resolve;
    });
    const told: PeriodicScript = { name: unlock.name, run: () => unlock.run().finally(ran) };
    const { runner } = new Watchdogs(own, leases, config, [told]);
    runner.start();
    await own.clock.advance(config.duePeriodMs); // its period by the clock; the age of claims is the database's
    await seen;
    const stopped = runner.stop();
    await own.clock.advance(60_000);
    await stopped;
    expect([(await task(5))?.lockedby, (await task(6))?.lockedby]).toEqual([null, 'job-generator:slow']);
    expect(await topicsOf(5)).toEqual(['task.ready']);
    expect(await rows('select status from doma_panda.jedi_dataset_contents where fileid = 500')).toEqual([{ status: 'ready' }]);
    expect(limitS + config.duePeriodMs / 1_000).toBeLessThanOrEqual(25); // leaves five seconds for the message and the work
    expect(CLAIM_STALE_S).toBeGreaterThan(limitS); // the watchdog comes first, so that no heir finds picks it cannot use
  });

  describe('release-pending', () => {
    const operational = new OperationalConfig();
    const release = () => run(new ReleasePending(tasks, config, operational, runtime.log));

    it('gives pending tasks back to where they were, urgent ones sooner', async () => {
      await pending(11, 61);
      await pending(12, 31);
      await pending(13, 31, { currentpriority: 900 });
      await pending(14, 11, { currentpriority: 950 });
      await release();
      const states = await rows(
        'select jeditaskid as id, status from doma_panda.jedi_tasks where jeditaskid between 11 and 14 order by 1',
      );
      expect(states.map(({ status }) => status)).toEqual(['ready', 'pending', 'ready', 'ready']);
      expect(await topicsOf(12)).toEqual([]);
    });

    it('keeps the begin of the pending time, so that waiting again and again comes to an end', async () => {
      await pending(15, 61, { frozentime: '2026-11-20T00:00:00' });
      await aged(15, 120, 'frozentime');
      await release();
      expect(await task(15)).toMatchObject({ status: 'ready' });
      expect((await task(15))?.frozentime).not.toBeNull();
    });

    it('exhausts a task that was pending for too long, but not while its parent runs', async () => {
      const days = 8 * 24 * 60;
      await insertRows(db.database, aTask(16).running());
      await pending(17, 15, { parent_tid: 16 });
      await pending(18, 15);
      await aged(17, days, 'frozentime');
      await aged(18, days, 'frozentime');
      await release();
      expect(await task(17)).toMatchObject({ status: 'pending' });
      expect(await task(18)).toMatchObject({ status: 'exhausted', frozentime: null });
      expect((await task(18))?.errordialog).toMatch(/^timeout while in pending since /);
    });

    it('takes the time-out of a label from the configuration', async () => {
      const where = { app: 'jedi', component: 'watchdog', type: 'int', vo: null };
      await pending(19, 15, { prodsourcelabel: 'managed' });
      await aged(19, 3 * 60, 'frozentime');
      await release();
      expect(await task(19)).toMatchObject({ status: 'pending' });
      operational.take([{ ...where, key: 'PENDING_TIMEOUT_managed', value: '2' }]);
      await release();
      expect(await task(19)).toMatchObject({ status: 'exhausted' });
    });
  });

  it('finish-exhausted finishes what nobody decides about, unless it asked to wait', async () => {
    for (const [id, minutes, splitrule] of [
      [21, 49 * 60, 'NF=1'],
      [22, 47 * 60, 'NF=1'],
      [23, 49 * 60, 'NF=1,DF=1'],
    ] as const) {
      await insertRows(db.database, aTask(id).inStatus(taskStatus.exhausted).with({ splitrule }));
      await aged(id, minutes, 'statechangetime');
    }
    await run(new FinishExhausted(tasks, config, runtime.log));
    const states = await rows('select status from doma_panda.jedi_tasks where jeditaskid between 21 and 23 order by jeditaskid');
    expect(states.map(({ status }) => status)).toEqual(['finishing', 'exhausted', 'exhausted']);
    expect(await topicsOf(21)).toEqual(['task.commanded']);
  });

  it('finish-at-goal lets the rest of a task go when it has reached its goal', async () => {
    const running = (id: number, finished: number) =>
      insertRows(
        db.database,
        aTask(id).running().with({ goal: 500 }),
        aDataset(10 * id)
          .ofTask(id)
          .counting(10, 10, finished, 0),
      );
    await running(31, 5);
    await running(32, 4);
    await run(new FinishAtGoal(tasks, runtime.log));
    expect(await task(31)).toMatchObject({ status: 'finishing', errordialog: 'soft finish: the goal is reached' });
    expect(await task(32)).toMatchObject({ status: 'running' });
    expect(await topicsOf(31)).toEqual(['task.commanded']);
  });

  it('T3 wake-due takes tasks up again at the date they gave', async () => {
    await pending(41, 1);
    await pending(42, 1);
    await insertRows(db.database, aTask(43).inStatus(taskStatus.defined));
    await rows(`insert into panda_ops.next_action values ('task', 41, now() - interval '1 s', 'no queue'),
      ('task', 42, now() + interval '1 hour', 'no queue'), ('task', 43, now(), 'later')`);
    await run(new WakeDue(tasks));
    expect([(await task(41))?.status, (await task(42))?.status]).toEqual(['ready', 'pending']);
    expect([await topicsOf(41), await topicsOf(43)]).toEqual([['task.ready'], ['task.refined']]);
    expect(await rows('select object_id from panda_ops.next_action')).toEqual([{ object_id: 42 }]);
  });

  it('hold-paused holds jobs back that became ready after the command', async () => {
    await insertRows(
      db.database,
      aTask(51).inStatus(taskStatus.paused),
      aJob(510).ofTask(51),
      aJob(511).ofTask(51).inStatus(jobStatus.running),
      aTask(52).running(),
      aJob(520).ofTask(52),
    );
    await run(new HoldPaused(tasks));
    expect((await rows('select jobstatus from doma_panda.jobs order by pandaid')).map(({ jobstatus }) => jobstatus)).toEqual([
      'throttled',
      'running',
      'activated',
    ]);
  });

  it('move-reassigned lets reassigned tasks go on at their new place', async () => {
    const reassigned = (id: number, oldstatus: TaskStatus, columns: Record<string, string> = {}) =>
      insertRows(
        db.database,
        aTask(id)
          .inStatus(taskStatus.reassigning)
          .with({ oldstatus, ...columns }),
      );
    await reassigned(61, taskStatus.running);
    await reassigned(62, taskStatus.running, { cloud: 'WORLD' });
    await reassigned(63, taskStatus.defined);
    await run(new MoveReassigned(tasks));
    const states = await rows('select status from doma_panda.jedi_tasks where jeditaskid between 61 and 63 order by jeditaskid');
    expect(states.map(({ status }) => status)).toEqual(['ready', 'assigning', 'defined']);
    expect([await topicsOf(61), await topicsOf(62), await topicsOf(63)]).toEqual([
      ['task.ready'],
      ['task.assigning'],
      ['task.refined'],
    ]);
  });

  it('boost-tail makes the last jobs of a production task urgent', async () => {
    const production = (id: number, finished: number) =>
      insertRows(
        db.database,
        aTask(id).running().with({ prodsourcelabel: 'managed', currentpriority: 500, gshare: 'Production' }),
        aDataset(10 * id)
          .ofTask(id)
          .counting(100, 100, finished, 0),
        aJob(10 * id)
          .ofTask(id)
          .withPriority(500),
        aJob(10 * id + 1)
          .ofTask(id)
          .inStatus(jobStatus.running)
          .withPriority(500),
      );
    await production(91, 95);
    await production(92, 94);
    await run(new BoostTail(tasks, runtime.log));
    expect(await task(91)).toMatchObject({ currentpriority: 900, gshare: 'Express' });
    expect(await task(92)).toMatchObject({ currentpriority: 500, gshare: 'Production' });
    expect(await rows('select currentpriority as p from doma_panda.jobs where jeditaskid = 91 order by pandaid')).toEqual([
      { p: 900 },
      { p: 500 },
    ]);
  });

  it('F2 repair-counters corrects counters by a recount and records what it did', async () => {
    await insertRows(
      db.database,
      aTask(71).running(),
      aDataset(710).ofTask(71).counting(3, 3, 0, 1),
      aFile(7100).in(71, 710).inStatus(inputFileStatus.finished),
      aFile(7101).in(71, 710).attempts(3, 3),
      aFile(7102).in(71, 710),
    );
    await run(new RepairCounters(tasks, runtime.log));
    expect(
      await rows(
        'select nfilesused as used, nfilesfinished as done, nfilesfailed as failed from doma_panda.jedi_datasets where datasetid = 710',
      ),
    ).toEqual([{ used: 2, done: 1, failed: 1 }]);
    expect(await rows(`select invariant, before, after from panda_ops.repair where object = 'dataset:71/710'`)).toEqual([
      { invariant: 'F2', before: { used: 3, finished: 0, failed: 1 }, after: { used: 2, finished: 1, failed: 1 } },
    ]);
    await run(new RepairCounters(tasks, runtime.log));
    expect(await rows(`select count(*)::int as n from panda_ops.repair where object = 'dataset:71/710'`)).toEqual([{ n: 1 }]);
  });

  it('JEDI-watchdog-01 WATCHDOGS-01 run independent of each other, and of a fleet one at a time runs each', async () => {
    await pending(81, 1);
    await rows(`insert into panda_ops.next_action values ('task', 81, now() - interval '1 s', 'no queue')`);
    const fleet = ['a', 'b'].map((name) => {
      const own = testRuntime();
      const leases = new Leases(db.database, own, new ServiceIdentity('jedi-watchdog', name));
      return new Watchdogs(own, leases, config, [new WakeDue(tasks), new HoldPaused(tasks)]).runner;
    });
    const [first, second] = fleet;
    expect(await first?.runOnce('watchdog:wake-due')).toBe('ran');
    expect(await second?.runOnce('watchdog:wake-due')).toBe('elsewhere');
    expect(await second?.runOnce('watchdog:hold-paused')).toBe('ran');
    expect(await task(81)).toMatchObject({ status: 'ready' });
  });

  it('WATCHDOGS-01 run in parallel, each by its configured period', async () => {
    // What earlier tests ran counts as run.
    await rows('delete from panda_ops.lease');
    const log = new RecordingLog();
    const metrics = new PromMetrics({ service: 'test', defaults: false });
    const own = new AgentRuntime(log, metrics, new SystemClock(), new UuidV7(), new SystemRandom());
    const runs: Record<string, number[]> = {};
    /** A plug-in that notes when it runs. */
    class Noting extends PeriodicScript {
      constructor(
        readonly name: string,
        private readonly body: (nth: number) => Promise<boolean>,
      ) {
        super();
      }
      run(): Promise<boolean> {
        runs[this.name] ??= [];
        const times = runs[this.name] as number[];
        times.push(own.clock.elapsedMs());
        return this.body(times.length);
      }
    }
    let finish: () => void = () => undefined;
    const finished = new Promise<boolean>((resolve) => {
      finish = () => resolve(false);
    });
    let often: () => void = () => undefined;
    const fourth = new Promise<void>((resolve) => {
      often = resolve;
    });
    const plugins = [
      new Noting('hold-paused', () => finished),
      new Noting('wake-due', async (nth) => {
        if (nth === 4) often();
        return false;
      }),
      new Noting('repair-counters', async () => false),
    ];
    const periods = watchdogKeys.with({ workers: 3, actionPeriodMs: 1_000, duePeriodMs: 500, repairPeriodMs: 60_000 });
    const leases = new Leases(db.database, own, new ServiceIdentity('jedi-watchdog', 'parallel'));
    const { runner } = new Watchdogs(own, leases, periods, plugins);
    runner.start();
    await fourth;
    const [first = 0, , , last = 0] = runs['wake-due'] ?? [];
    expect(last - first).toBeGreaterThan(3 * 400);
    expect(runs['hold-paused']).toHaveLength(1);
    expect(runs['repair-counters']?.length ?? 0).toBeLessThanOrEqual(1);
    finish();
    await runner.stop();
  });
});
