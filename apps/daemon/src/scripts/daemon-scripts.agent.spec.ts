import { type AddressInfo, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Leases } from '@panda/agents';
import { OperationalConfig } from '@panda/config';
import { topics } from '@panda/contracts';
import {
  ConclusionRepository,
  FailedJobRepository,
  MailRepository,
  nudge,
  OperatorTables,
  PresenceRepository,
  PriorityRepository,
  RebrokerageRepository,
  RetentionRepository,
  StatisticsRepository,
  TimeoutRepository,
} from '@panda/database';
import type { JobStatus } from '@panda/domain';
import { ServiceIdentity } from '@panda/runtime';
import {
  aDataset,
  aJob,
  aTask,
  emptyTables,
  insertRows,
  pg,
  type TestDatabase,
  type TestRuntime,
  taskTables,
  testRuntime,
} from '@panda/testing';
import { daemonKeys, daemonSchedule } from '../daemon.config.js';
import { MailsScript } from '../mail/mails.script.js';
import { RetryModule } from '../retry/retry-module.js';
import { FastRebrokerageScript } from '../watcher/fast-rebrokerage.script.js';
import { WatcherScript } from '../watcher/watcher.script.js';
import { DaemonScripts } from './daemon-scripts.js';
import { PrioritiesScript } from './priorities.script.js';
import { RetentionScript } from './retention.script.js';
import { StatisticsScript, TypicalInputScript } from './statistics.script.js';

describe('the scripts of the daemon', () => {
  let db: TestDatabase;

  beforeAll(async () => {
    db = await pg();
  });
  afterAll(() => db.close());
  beforeEach(() => emptyTables(db.database, ...taskTables, 'panda_ops.lease'));

  const rows = async (sql: string) => (await db.database.pool.query(sql)).rows as Record<string, unknown>[];
  function daemon(
    instance = 'a',
    schedule = '{}',
    operational = new OperationalConfig(),
    mailRelay = '',
  ): { scripts: DaemonScripts; runtime: TestRuntime } {
    const runtime = testRuntime();
    const leases = new Leases(db.database, runtime, new ServiceIdentity('daemon', instance));
    const config = daemonKeys.with({ scripts: schedule, mailRelay, mailFrom: 'panda@example.org' });
    const statistics = new StatisticsRepository(db.database);
    const scripts = new DaemonScripts(
      runtime,
      leases,
      config,
      new StatisticsScript(statistics),
      new TypicalInputScript(statistics),
      new RetentionScript(new RetentionRepository(db.database), runtime, config),
      new WatcherScript(
        new TimeoutRepository(db.database),
        new PresenceRepository(db.database),
        new OperatorTables(db.database, runtime.clock),
        new OperationalConfig(),
        new RetryModule(new FailedJobRepository(db.database), new OperatorTables(db.database, runtime.clock), runtime),
        runtime,
      ),
      new PrioritiesScript(new PriorityRepository(db.database), operational, runtime),
      new MailsScript(new MailRepository(db.database), runtime, config),
      new FastRebrokerageScript(new RebrokerageRepository(db.database), operational, runtime),
    );
    return { scripts, runtime };
  }

  it('adds up the differences of the job statistics, whose sums stay the same', async () => {
    await insertRows(db.database, aJob(1), aJob(2), aJob(3).at('QUEUE_B'));
    const now = 'select computingsite, sum(njobs)::int as n from panda_ops.job_stats_now group by 1 order by 1';
    const before = await rows(now);
    expect(await rows('select count(*)::int > 0 as some from panda_ops.job_stats_delta')).toEqual([{ some: true }]);
    expect(await daemon().scripts.runOnce('statistics')).toBe('ran');
    expect(await rows('select count(*)::int as n from panda_ops.job_stats_delta')).toEqual([{ n: 0 }]);
    expect(await rows(now)).toEqual(before);
    expect(before).toEqual([
      { computingsite: 'QUEUE_A', n: 2 },
      { computingsite: 'QUEUE_B', n: 1 },
    ]);
  });

  it('DAEMON-02 runs a script once in its period, on whichever instance comes first', async () => {
    expect(await daemon('a').scripts.runOnce('typicalInput')).toBe('ran');
    expect(await daemon('b').scripts.runOnce('typicalInput')).toBe('elsewhere');
  });

  it('refreshes the usual number of input files', async () => {
    await insertRows(db.database, ...[1, 5, 9].map((ninputdatafiles, i) => aJob(10 + i).with({ ninputdatafiles })));
    await daemon().scripts.runOnce('typicalInput');
    expect(await rows("select ninputdatafiles from doma_panda.typical_num_input where agg_type = 'gshare'")).toEqual([
      { ninputdatafiles: 5 },
    ]);
  });

  it('deletes what is older than its time and nothing else', async () => {
    await db.database.pool.query(
      `insert into panda_ops.handout (pandaid, attemptnr, handed_at, principal, request_id)
       select id, 1, now() - make_interval(days => id), 'pilot', 'r' from generate_series(25, 36) as id`,
    );
    expect(await daemon().scripts.runOnce('retention')).toBe('ran');
    expect(await rows('select min(pandaid) as first, max(pandaid) as last from panda_ops.handout')).toEqual([
      { first: 25, last: 29 },
    ]);
  });

  it('HARVESTER-05 forgets workers that were last heard of long ago', async () => {
    await db.database.pool.query(
      `insert into doma_panda.harvester_workers (harvesterid, workerid, computingsite, status, lastupdate)
       select 'h', id, 'Q', 'finished', panda_ops.utc_now() - make_interval(days => id) from unnest(array[1, 89, 91, 400]) as id`,
    );
    await daemon().scripts.runOnce('retention');
    expect(await rows('select workerid::int as id from doma_panda.harvester_workers order by 1')).toEqual([
      { id: 1 },
      { id: 89 },
    ]);
  });

  it('deletes messages that were published and handled long ago, and never one that still has to go out', async () => {
    await rows('delete from panda_ops.outbox; delete from panda_ops.inbox');
    await db.database.transaction((tx) => nudge(tx, topics.taskReady, [1]));
    await db.database.transaction((tx) => nudge(tx, topics.taskReady, [2]));
    await db.database.transaction((tx) => nudge(tx, topics.taskReady, [3]));
    await rows(`update panda_ops.outbox set created_at = now() - interval '30 days',
      published_at = case aggregate when 'task:1' then now() - interval '15 days' when 'task:2' then now() - interval '13 days' end`);
    await rows(`insert into panda_ops.inbox (consumer, message_id, result, handled_at) values
      ('adder', gen_random_uuid(), 'old', now() - interval '15 days'), ('adder', gen_random_uuid(), 'young', now() - interval '13 days')`);
    await daemon().scripts.runOnce('retention');
    expect(await rows('select aggregate from panda_ops.outbox order by ord')).toEqual([
      { aggregate: 'task:2' },
      { aggregate: 'task:3' },
    ]);
    expect(await rows('select result from panda_ops.inbox')).toEqual([{ result: 'young' }]);
  });

  it('PRIO-02 raises waiting jobs of users every 20 minutes with their place in line and their age, so that they run before they expire', async () => {
    const day = 86_400_000;
    const waiting = (id: number, priority: number, ageDays: number, over: object = {}) =>
      aJob(id).with({ currentpriority: priority, creationtime: new Date(Date.now() - ageDays * day).toISOString(), ...over });
    const ofGroup = { workinggroup: 'phys-higgs' };
    await insertRows(
      db.database,
      ...Array.from({ length: 1_000 }, (_, i) => waiting(i + 1, 1_000, 0, { produsername: 'bob', jobstatus: 'running' })),
      waiting(2_001, 700, 0, { produsername: 'bob' }),
      waiting(2_002, 700, 3.5, { produsername: 'bob', jobstatus: 'defined' }),
      waiting(2_003, 700, 7, { produsername: 'bob' }),
      waiting(2_004, 700, 7, { produsername: 'bob', jobstatus: 'running' }),
      waiting(2_005, 700, 7, { produsername: 'bob', prodsourcelabel: 'managed' }),
      waiting(2_006, 5_000, 7, { produsername: 'bob', processingtype: 'usermerge' }),
      waiting(2_007, 700, 0, { produsername: 'bob', ...ofGroup }),
      waiting(2_008, 700, 0, { produsername: 'carol', ...ofGroup }),
    );
    const { scripts } = daemon();
    expect(await scripts.runOnce('priorities')).toBe('ran');
    expect(await daemon('b').scripts.runOnce('priorities')).toBe('elsewhere');
    const priorities = await rows(
      'select pandaid::int as id, currentpriority as p from doma_panda.jobs where pandaid > 2000 order by 1',
    );
    expect(priorities.map(({ id, p }) => [id, p])).toEqual([
      [2_001, 800],
      [2_002, 900],
      [2_003, 1_000],
      [2_004, 700],
      [2_005, 700],
      [2_006, 5_000],
      [2_007, 1_000],
      [2_008, 1_000],
    ]);
    expect(daemonSchedule(daemonKeys.with({})).find(({ name }) => name === 'priorities')).toMatchObject({
      periodMs: 1_200_000,
      sync: true,
    });
  });

  it('leaves jobs at the priority to which their task was put back, and follows the operators’ time of expiry', async () => {
    await insertRows(
      db.database,
      aTask(7).with({ currentpriority: 300 }),
      aJob(1).ofTask(7).with({ currentpriority: 100, creationtime: new Date().toISOString() }),
      ...Array.from({ length: 1_000 }, (_, i) =>
        aJob(i + 10)
          .inStatus('running')
          .with({ produsername: 'bob' }),
      ),
      aJob(3_000).with({ produsername: 'bob', currentpriority: 1, creationtime: new Date(Date.now() - 3_600_000).toISOString() }),
    );
    const operational = new OperationalConfig();
    operational.take([
      { app: 'pandaserver', component: 'job_timeout', key: 'TIMEOUT_unclaimed', value: '2', type: 'float', vo: 'any' },
    ]);
    await daemon('c', '{}', operational).scripts.runOnce('priorities');
    expect(await rows('select currentpriority as p from doma_panda.jobs where pandaid in (1, 3000) order by pandaid')).toEqual([
      { p: 300 },
      { p: 900 },
    ]);
  });

  describe('mail', () => {
    /** A relay that keeps what it is given. */
    const relay = async (
      work: (address: string, mails: { to: string; text: string }[]) => Promise<void>,
      greeting = '220 ready',
    ) => {
      const mails: { to: string; text: string }[] = [];
      const server = createServer((socket) => {
        let to = '';
        let data: string[] | null = null;
        socket.write(`${greeting}\r\n`);
        createInterface({ input: socket }).on('line', (line) => {
          if (data !== null && line !== '.') return void data.push(line);
          if (data !== null) {
            mails.push({ to, text: data.join('\n') });
            data = null;
            return void socket.write('250 queued\r\n');
          }
          if (line.startsWith('RCPT TO:')) to = line.slice('RCPT TO:'.length);
          if (line === 'DATA') data = [];
          if (line === 'QUIT') return void socket.end('221 bye\r\n');
          socket.write(
            line === 'DATA' ? '354 go on\r\n' : line.startsWith('EHLO') ? '250-stub\r\n250 8BITMIME\r\n' : '250 ok\r\n',
          );
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      try {
        await work(`127.0.0.1:${(server.address() as AddressInfo).port}`, mails);
      } finally {
        await new Promise((resolve) => server.close(resolve));
      }
    };
    /** A task as the post processor ends it. */
    const ended = async (id: number, parameters: object, over: object = {}) => {
      const claim = `claim-${id}`;
      await insertRows(
        db.database,
        aTask(id)
          .inStatus('prepared')
          .with({ username: 'Alice', lockedby: claim, lockedtime: '2026-01-01T00:00:00', ...over }),
        aDataset(10 * id)
          .ofTask(id)
          .counting(4, 4, 4, 0),
      );
      await db.database.pool.query('insert into doma_panda.jedi_taskparams (jeditaskid, taskparams) values ($1, $2)', [
        id,
        JSON.stringify(parameters),
      ]);
      const tasks = new ConclusionRepository(db.database);
      const [task] = await tasks.look(claim, [id]);
      expect(
        await tasks.conclude(claim, task as NonNullable<typeof task>, {
          event: 'allSucceeded',
          completeness: 1000,
          reason: 'all',
        }),
      ).toBe(true);
    };
    const known = (email: string) =>
      rows(
        `delete from doma_pandameta.users; insert into doma_pandameta.users (name, vo, email) values ('Alice', 'wlcg', '${email}')`,
      );
    const waiting = () => rows("select object_id::int as id, reason from panda_ops.next_action where kind = 'mail' order by 1");

    it('JEDI-postproc-04 tells the owner of an ended task once, and nobody with --noEmail', async () => {
      await known('alice@example.org');
      await ended(60, {});
      await ended(61, { noEmail: true });
      await ended(62, {}, { username: 'Without Address' });
      await ended(63, {}, { prodsourcelabel: 'managed' });
      await relay(async (address, mails) => {
        const mail = (instance: string) => daemon(instance, '{}', new OperationalConfig(), address).scripts.runOnce('mails');
        expect(await mail('m1')).toBe('ran');
        await rows('delete from panda_ops.lease');
        expect(await mail('m2')).toBe('ran');
        expect(mails).toHaveLength(1);
        expect(mails[0]?.to).toBe('<alice@example.org>');
        expect(mails[0]?.text).toContain('Subject: JEDI notification for TaskID:60 (All Succeeded)');
        expect(mails[0]?.text).toMatch(/^Message-ID: <panda-task-60-\d+@example\.org>$/m);
        expect(mails[0]?.text).toContain('4 of 4 input files were processed.');
      });
      expect(await waiting()).toEqual([]);
    });

    it('tries again later when the relay does not take the mail, and gives up after a day', async () => {
      await known('alice@example.org');
      await ended(64, {});
      await relay(async (address) => {
        const mail = (instance: string) => daemon(instance, '{}', new OperationalConfig(), address).scripts.runOnce('mails');
        await mail('m3');
        expect(await waiting()).toEqual([{ id: 64, reason: expect.stringContaining('421 too busy') }]);
        await rows(`update panda_ops.next_action set due_at = now() where kind = 'mail'; delete from panda_ops.lease;
          update doma_panda.jedi_tasks set endtime = panda_ops.utc_now() - interval '25 hours' where jeditaskid = 64`);
        await mail('m4');
      }, '421 too busy');
      expect(await waiting()).toEqual([]);
    });
  });

  it('TIMEOUTS-14 takes the oldest jobs of a share away from a queue without slots above all three thresholds, and only if the share has one', async () => {
    let id = 1;
    const at = (queue: string, gshare: string, jobstatus: string, count: number) =>
      insertRows(
        db.database,
        ...Array.from({ length: count }, () =>
          aJob(id++)
            .ofTask(7)
            .inStatus(jobstatus as JobStatus)
            .at(queue)
            .with({ gshare }),
        ),
      );
    await rows(`delete from doma_panda.harvester_slots; insert into doma_panda.harvester_slots (pandaqueuename, numslots, modificationtime)
      values ('SLOTTED', 10, panda_ops.utc_now())`);
    await insertRows(db.database, aTask(7).running());
    await at('FULL', 'Production', 'running', 2);
    await at('FULL', 'Production', 'defined', 2);
    await at('FULL', 'Production', 'activated', 18);
    await at('SLOTTED', 'Production', 'activated', 20);
    await at('FULL', 'User Analysis', 'activated', 30); // no threshold: dry run
    const operational = new OperationalConfig();
    const row = (key: string, value: string, type: string) => ({
      app: 'pandaserver',
      component: 'rebroker',
      key,
      value,
      type,
      vo: 'any',
    });
    const script = async (instance: string, ...limits: ReturnType<typeof row>[]) => {
      expect(operational.take(limits)).toEqual([]);
      await rows('delete from panda_ops.lease');
      await daemon(instance, '{}', operational).scripts.runOnce('fastRebrokerage');
      const closed = await rows(`select min(pandaid)::int as first, max(pandaid)::int as last, count(*)::int as n,
        min(taskbuffererrorcode) as code from doma_panda.jobs where jobstatus = 'closed'`);
      return closed[0];
    };
    // 20 are queued: 6 = 3 × 2 running, 19 and 5 for the share, 12 = 0.3 × 40 of the share everywhere
    expect(await script('r0')).toMatchObject({ n: 0 });
    expect(await script('r1', row('FAST_REBRO_THRESHOLD_NQUEUE_Production', '19', 'int'))).toMatchObject({
      n: 1,
      first: 3,
      code: 130,
    });
    expect(await script('r2', row('FAST_REBRO_THRESHOLD_NQUEUE_Production', '5', 'int'))).toMatchObject({
      n: 9,
      first: 3,
      last: 11,
    });
    const [{ n: left } = {}] = await rows(
      `select count(*)::int as n from doma_panda.jobs_live where computingsite = 'FULL' and jobstatus <> 'running'`,
    );
    expect(left).toBe(11 + 30);
    const ratio = [row('FAST_REBRO_THRESHOLD_NQNR_RATIO', '5', 'float'), row('FAST_REBRO_THRESHOLD_NQUEUE_FRAC', '0.1', 'float')];
    expect(await script('r3', row('FAST_REBRO_THRESHOLD_NQUEUE_Production', '5', 'int'), ...ratio)).toMatchObject({ n: 10 });
    await rows('delete from doma_panda.harvester_slots');
  });

  it('makes the partitions that are due', async () => {
    const day =
      "select to_regclass('doma_panda.jobs_statuslog_' || to_char(now() at time zone 'UTC' + interval '1 day', 'YYYY_MM_DD')) as child";
    const [{ child } = {}] = await rows(day);
    await db.database.pool.query(`drop table ${child}`);
    await daemon().scripts.runOnce('retention');
    expect((await rows(day))[0]?.child).toBe(child);
  });

  it('DAEMON-21 DAEMON-26 replaces entries by the operator’s, and refuses a script that does not exist', async () => {
    const { scripts } = daemon('a', '{"often": {"period": 1, "module": "statistics"}}');
    expect(await scripts.runOnce('often')).toBe('ran');
    expect(() => daemon('a', '{"pandas": {"period": 1}}')).toThrow("pandas: there is no script 'pandas', only statistics");
    expect(() => daemon('a', '{"statistics": {}}')).toThrow('statistics: period is mandatory');
  });
});
