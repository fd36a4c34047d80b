import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Database, handOutJobs, type JobSlot, type JobWant, statement, transitionJobs } from '@panda/database';
import { aJob, aJobFile, emptyTables, insertRows, pg, type TestDatabase, taskTables } from '@panda/testing';

const handouts = statement<object, { pandaid: number; principal: string; worker_id: number | null }>(
  'test.handouts',
  'select pandaid, principal, worker_id from panda_ops.handout order by pandaid',
);
const relations = statement<object, { harvesterid: string; workerid: number; pandaid: number }>(
  'test.relations',
  'select harvesterid, workerid, pandaid from doma_panda.harvester_rel_jobs_workers order by pandaid',
);

const slot = (principal = 'pilot'): JobSlot => ({ principal, requestId: `r-${principal}` });
const want = (over: Partial<JobWant> = {}): JobWant => ({
  computingSite: 'QUEUE_A',
  shares: ['User Analysis'],
  slots: [slot()],
  ...over,
});

describe('hand-out', () => {
  let db: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    db = await pg();
    database = db.database;
  }, 60_000);
  beforeEach(() => emptyTables(database, ...taskTables));
  afterAll(() => db.close());

  const ids = async (...wants: JobWant[]) => (await handOutJobs(database, wants)).map((job) => job.pandaid);

  it('gives the highest priority first and the older job among equals', async () => {
    await insertRows(database, aJob(3).withPriority(500), aJob(1).withPriority(500), aJob(2).withPriority(900));
    expect([await ids(want()), await ids(want()), await ids(want()), await ids(want())]).toEqual([[2], [1], [3], []]);
  });

  it('serves the shares in the given order, whatever the priority', async () => {
    await insertRows(database, aJob(1).withPriority(9000), aJob(2).withShare('Production').withPriority(1));
    expect(await ids(want({ shares: ['Production', 'User Analysis'], slots: [slot('a'), slot('b')] }))).toEqual([2, 1]);
  });

  it('does not serve a share that is not named', async () => {
    await insertRows(database, aJob(1).withShare('Test'));
    expect(await ids(want())).toEqual([]);
  });

  it('skips jobs the request cannot run', async () => {
    await insertRows(
      database,
      aJob(1).with({ minramcount: 8000 }),
      aJob(2).with({ maxdiskcount: 50_000 }),
      aJob(3).with({ maxwalltime: 90_000 }),
      aJob(4).with({ prodsourcelabel: 'managed' }),
      aJob(5).with({ produsername: 'bob' }),
      aJob(6).at('QUEUE_B'),
      aJob(7).withPriority(1),
    );
    const fits = { memoryMb: 4000, diskMb: 20_000, remainingS: 7200, labels: ['user', 'panda'], userName: 'alice' };
    expect(await ids(want({ ...fits, slots: [slot('a'), slot('b')] }))).toEqual([7]);
  });

  it('finds the resource type asked for among many others', async () => {
    await insertRows(
      database,
      ...Array.from({ length: 30 }, (_, i) => aJob(i + 1)),
      aJob(99).withCores(8, 'MCORE').withPriority(1),
    );
    const [job] = await handOutJobs(database, [want({ resourceType: 'MCORE' })]);
    expect(job).toMatchObject({ pandaid: 99, corecount: 8, resource_type: 'MCORE' });
  });

  it('serves requests of several queues in one call, each from its own', async () => {
    await insertRows(
      database,
      aJob(1),
      aJob(2).at('QUEUE_B'),
      aJob(3).at('QUEUE_B'),
      aJob(4).at('QUEUE_C').withCores(8, 'MCORE'),
    );
    const wants = [
      want(),
      want({ computingSite: 'QUEUE_B', slots: [slot('b1'), slot('b2'), slot('b3')] }),
      want({ computingSite: 'QUEUE_C', resourceType: 'MCORE' }),
    ];
    const jobs = await handOutJobs(database, wants);
    expect(jobs.map(({ want: index, slot: rank, pandaid }) => [index, rank, pandaid])).toEqual([
      [0, 0, 1],
      [1, 0, 2],
      [1, 1, 3],
      [2, 0, 4],
    ]);
    await expect(handOutJobs(database, [want(), want()])).rejects.toThrow('one want per queue');
  });

  it('reads files in order, parameters and the facts the reply needs', async () => {
    await insertRows(database, aJob(1).ofTask(7), aJobFile(2).ofJob(1).ofType('output'), aJobFile(1).ofJob(1));
    const [job] = await handOutJobs(database, [want()]);
    expect(job).toMatchObject({
      pandaid: 1,
      jeditaskid: 7,
      attemptnr: 1,
      jobstatus: 'sent',
      jobparameters: null,
      minramcount: 2000,
    });
    expect(job?.files.map((file) => [file.lfn, file.type])).toEqual([
      ['file.1', 'input'],
      ['file.2', 'output'],
    ]);
  });

  it('records who got the job, its worker and the state change', async () => {
    await insertRows(database, aJob(1), aJob(2));
    const worker = { ...slot('harvester'), harvesterId: 'H1', workerId: 42, node: 'wn7' };
    await ids(want({ slots: [worker], push: true }));
    expect(await database.run(handouts, {})).toEqual([{ pandaid: 1, principal: 'harvester', worker_id: 42 }]);
    expect(await database.run(relations, {})).toEqual([{ harvesterid: 'H1', workerid: 42, pandaid: 1 }]);
  });

  it('hands a job out again after harvester gave it back', async () => {
    await insertRows(database, aJob(1));
    await ids(want({ push: true }));
    await transitionJobs(database, { ids: [1], event: 'pushReturned', actor: 'gateway' });
    expect(await ids(want())).toEqual([1]);
    expect(await database.run(handouts, {})).toHaveLength(1);
  });

  it('never gives one job to two of many concurrent callers', async () => {
    await insertRows(database, ...Array.from({ length: 60 }, (_, i) => aJob(i + 1)));
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => ids(want({ slots: [slot(`p${i}`), slot(`q${i}`)] }))));
    const got = answers.flat();
    expect(new Set(got).size).toBe(got.length);
    expect(got).toHaveLength(60);
  });
});
