import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { checkInvariants, type Database, handOutJobs, invariants, recordPilotUpdates, settle } from '@panda/database';
import {
  aDataset,
  aDeftTask,
  aFile,
  aJob,
  aJobFile,
  aTask,
  aTaskWithPickedFiles,
  emptyTables,
  insertRows,
  pg,
  type RowBuilder,
  storedJobs,
  type TestDatabase,
  taskTables,
} from '@panda/testing';

const log = (pandaid: number, ...states: string[]) =>
  `insert into doma_panda.jobs_statuslog (pandaid, jobstatus, modificationtime, modiftime_extended) values ${states
    .map((state, i) => `(${pandaid}, '${state}', '2026-01-01 00:00:0${i}', '2026-01-01 00:00:0${i}')`)
    .join(', ')}`;
const handout = (pandaid: number) =>
  `insert into panda_ops.handout (pandaid, attemptnr, principal, request_id) values (${pandaid}, 1, 'p', 'r')`;
const message = (type: string) =>
  `insert into panda_ops.outbox (aggregate, type, routing_key, payload, created_at) values ('task:1', '${type}', '${type}', '{}', now() - interval '1 minute')`;
const twoJobsOnOneFile = (status: 'running' | 'finished') => [
  ...[1, 2].flatMap((id) => [
    aJob(id).ofTask(1).inStatus(status),
    aJobFile(id).ofJob(id).behind(1, 10, 100).with({ attemptnr: id }),
  ]),
];

interface Seed {
  readonly rows?: readonly RowBuilder<unknown>[];
  readonly sql?: readonly string[];
}

/** For each invariant the smallest lie that breaks it. */
const seeds: Readonly<Record<string, Seed>> = {
  J1: { rows: [aJob(1), aJob(1).inStatus('finished').with({ statechangetime: '2026-11-01T00:00:00' })] },
  J2: { sql: [log(77, 'activated')] },
  J4: { rows: [aJob(1).inStatus('failed')], sql: [log(1, 'finished', 'failed')] },
  J5: { rows: [aJob(1)], sql: [log(1, 'running', 'activated')] },
  J6: {
    rows: [
      aTask(1),
      aDataset(10),
      aJob(1),
      aJob(2),
      ...[1, 2].map((id) => aJobFile(id).ofJob(id).behind(1, 10, 100).with({ attemptnr: 1 })),
    ],
  },
  J7a: { rows: [aTask(1), aDataset(10), ...twoJobsOnOneFile('running')] },
  J7b: { rows: [aTask(1), aDataset(10), ...twoJobsOnOneFile('finished').map((row) => row)] },
  J8: { rows: [aJob(1).with({ starttime: '2025-01-01T00:00:00' })] },
  J9: {
    rows: [
      aTask(1),
      aDataset(10).with({ nevents: 100, neventsused: 100 }),
      aJob(1).ofTask(1).inStatus('finished').with({ nevents: 90 }),
    ],
  },
  J10: { rows: [aJobFile(1).ofJob(4711)] },
  D1: { rows: [aJob(1).inStatus('running')] },
  D1record: { sql: [handout(5)] },
  D3: { rows: [aJob(1).inStatus('sent')] },
  S1: { rows: [aJob(1)], sql: ['delete from panda_ops.job_stats_delta'] },
  F2: { rows: [aTask(1), aDataset(10).counting(1, 1, 1), aFile(1)] },
  F2bounds: { rows: [aDataset(10).counting(3, 2, 2, 1)] },
  F3: {
    rows: [aFile(1).output().inStatus('finished'), aFile(2).output().inStatus('finished').with({ lfn: 'file.000001.root' })],
  },
  F3guid: { rows: [aFile(1).output().inStatus('finished'), aFile(2).output().inStatus('finished').with({ guid: 'guid-1' })] },
  F3register: { rows: [aFile(1).output().inStatus('finished')] },
  F4: {
    rows: [
      aJob(1).inStatus('finished'),
      aJobFile(1).ofJob(1).ofType('output').behind(1, 11, 5),
      aFile(5).in(1, 11).output().inStatus('running'),
    ],
  },
  F5: {
    rows: [
      aJob(1).inStatus('failed'),
      aJobFile(1).ofJob(1).ofType('output').behind(1, 11, 5),
      aFile(5).in(1, 11).output().inStatus('finished'),
    ],
  },
  F6: { rows: [aTask(1), aDataset(10), aFile(1).inStatus('finished')] },
  F7: { rows: [aTask(1), aFile(1).inStatus('picked')] },
  F8: { rows: [aFile(1).with({ fsize: -1 })] },
  T1: { rows: [aTask(1).inStatus('done'), aDataset(10).counting(3, 3, 2, 1)] },
  T2: { rows: [aTask(1).inStatus('done'), aJob(1).ofTask(1)] },
  T3: { rows: [aTask(1)] },
  T5: { rows: [aTask(1).with({ superstatus: 'running' }), aDeftTask(1).inStatus('ready')] },
  M1: { sql: [message('task.ready')] },
  M4: {
    sql: [
      `insert into panda_ops.inbox (consumer, message_id, result) values ('c', '00000000-0000-7000-8000-000000000001', 'handled')`,
      `insert into panda_ops.dead_letter (message_id, queue, consumer, reason_code, reason_text, first_failed_at, last_failed_at, attempts, envelope)
       values ('00000000-0000-7000-8000-000000000001', 'q', 'c', 'x', 'x', now(), now(), 1, '{}')`,
    ],
  },
};

/** Broken by no row the schema lets in: a CHECK constraint ties the partition to the state. */
const impossible = ['J3'];

describe('invariants', () => {
  let db: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    db = await pg();
    database = db.database;
  }, 60_000);
  beforeEach(() => emptyTables(database, ...taskTables, 'panda_ops.inbox', 'panda_ops.dead_letter'));
  afterAll(() => db.close());

  const broken = async () => (await checkInvariants(database, { quiescent: true })).map(({ id }) => id);

  it('all hold on a fresh database', async () => {
    expect(await broken()).toEqual([]);
  });

  it.each(Object.keys(seeds))('%s reports a seeded violation', async (id) => {
    const { rows = [], sql = [] } = seeds[id] ?? {};
    await insertRows(database, ...rows);
    for (const text of sql) await database.pool.query(text);
    expect(await broken()).toContain(id);
  });

  it('each has a seeded violation or cannot be broken', () => {
    expect(invariants.map(({ id }) => id).toSorted()).toEqual([...Object.keys(seeds), ...impossible].toSorted());
  });

  it('J3 cannot be broken: a state and a partition that disagree are refused', async () => {
    await expect(insertRows(database, aJob(1).with({ is_final: true }))).rejects.toThrow(/job_is_final|partition/);
    await expect(insertRows(database, aJob(1).with({ jobstatus: 'finished' }))).rejects.toThrow(/job_is_final/);
  });

  it('J6, J7 and F3register let all jobs of a task use its library, and unmerged output end without a register', async () => {
    const unmerged = aFile(7).in(1, 12).output().inStatus('finished');
    await insertRows(database, aTask(1), aDataset(10).output('lib'), ...twoJobsOnOneFile('finished'));
    await insertRows(
      database,
      aJob(3).ofTask(1),
      aJob(4).ofTask(1),
      ...[3, 4].map((id) => aJobFile(id).ofJob(id).behind(1, 10, 100)),
    );
    await insertRows(database, aDataset(12).output('trn_output'), unmerged);
    const ids = await broken();
    for (const id of ['J6', 'J7a', 'J7b']) expect(ids).not.toContain(id);
    expect(ids).not.toContain('F3register');
  });

  it('hold after jobs ran, finished, failed and were killed', async () => {
    const jobs = await aTaskWithPickedFiles(database, 3, aTask(1).running().with({ superstatus: 'running' }));
    const [first = 0, second = 0, third = 0] = await storedJobs(database, jobs);
    const slots = [1, 2, 3].map((n) => ({ principal: `p${n}`, requestId: `r${n}` }));
    await handOutJobs(database, [{ computingSite: 'QUEUE_A', shares: ['User Analysis'], slots }]);
    const report = (pandaId: number, state: 'running' | 'finished') => ({
      pandaId,
      state,
      attemptNr: 1,
      batchId: null,
      attributes: {},
      outputReport: '{}',
    });
    await recordPilotUpdates(database, [report(first, 'running'), report(second, 'running'), report(third, 'running')]);
    await recordPilotUpdates(database, [report(first, 'finished'), report(second, 'finished')]);
    const outputs = (jobs[0]?.outputs ?? []).map((output) => ({
      jediTaskId: output.jediTaskId,
      datasetId: output.datasetId,
      fileId: output.fileId,
      lfn: output.lfn,
      type: output.type,
      scope: 'user.alice',
      event: 'registered' as const,
      guid: output.lfn,
    }));
    await database.transaction((tx) =>
      settle(tx, 'daemon', [
        { pandaId: first, event: 'succeeded', nEvents: 100, outputs },
        { pandaId: second, event: 'outputFailed' },
        { pandaId: third, event: 'cancelled' },
      ]),
    );
    await database.pool.query('update panda_ops.outbox set published_at = now()');
    expect((await checkInvariants(database, { quiescent: false })).map(({ id, rows }) => [id, rows])).toEqual([]);
    expect(await broken()).toEqual(['T3']); // the task has no live job: its agent's turn, which is not part of this test
  });
});
