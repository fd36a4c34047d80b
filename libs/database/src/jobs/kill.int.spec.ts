import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { jobStatus, taskStatus } from '@panda/domain';
import { aTask, aTaskWithPickedFiles, emptyTables, pg, storedJobs, type TestDatabase, taskTables } from '@panda/testing';
import { killJobs } from './kill.js';

describe('killing jobs', () => {
  let db: TestDatabase;
  let ids: readonly number[];
  beforeAll(async () => {
    db = await pg();
  });
  beforeEach(async () => {
    await emptyTables(db.database, ...taskTables);
    ids = await storedJobs(db.database, await aTaskWithPickedFiles(db.database, 3, aTask(1).inStatus(taskStatus.aborting)));
    await rows('delete from panda_ops.outbox');
  });
  afterAll(() => db.close());

  const rows = async (sql: string) => (await db.database.pool.query(sql)).rows as Record<string, unknown>[];
  const kill = (of: readonly number[], code: number | null, allows?: () => boolean) =>
    db.database.transaction((tx) =>
      killJobs(tx, { ids: of, code, actor: 'jedi-task-commando', diag: 'killed', ...(allows ? { allows } : {}) }),
    );
  const inStatus = (id: number, status: keyof typeof jobStatus) =>
    rows(`update doma_panda.jobs set jobstatus = '${status}' where pandaid = ${id}`);
  const job = async (id: number) =>
    (await rows(`select jobstatus, commandtopilot, taskbuffererrorcode as code from doma_panda.jobs where pandaid = ${id}`))[0];
  const [first, second] = [0, 1].map((n) => () => ids[n] ?? 0) as [() => number, () => number];

  it('ends queued jobs at once, and gives their input back with the counters', async () => {
    expect(await kill([first(), second()], 50)).toEqual({ ended: [first(), second()], asked: [] });
    expect(await job(first())).toEqual({ jobstatus: 'cancelled', commandtopilot: null, code: 100 });
    expect(
      await rows(`select status, attemptnr, count(*)::int as n from doma_panda.jedi_dataset_contents
        where datasetid = 10 group by 1, 2 order by 1`),
    ).toEqual([
      { status: 'ready', attemptnr: 1, n: 2 },
      { status: 'running', attemptnr: 0, n: 1 },
    ]);
    expect(await rows('select nfilesused from doma_panda.jedi_datasets where datasetid = 10')).toEqual([{ nfilesused: 1 }]);
    expect(await rows(`select distinct status from doma_panda.jedi_dataset_contents where outpandaid = ${first()}`)).toEqual([
      { status: 'cancelled' },
    ]);
  });

  it('asks the pilot of a job it holds, and ends the job at once only where the code says so', async () => {
    await inStatus(first(), 'running');
    await inStatus(second(), 'running');
    expect(await kill([first()], 50)).toEqual({ ended: [], asked: [first()] });
    expect(await job(first())).toMatchObject({ jobstatus: 'running', commandtopilot: 'tobekilled' });
    expect(await kill([second()], 52)).toEqual({ ended: [second()], asked: [] });
    expect(await job(second())).toMatchObject({ jobstatus: 'cancelled', commandtopilot: null });
  });

  it('leaves ended, unknown and refused jobs alone', async () => {
    await kill([first()], 9);
    expect(await kill([first(), 999_999], 9)).toEqual({ ended: [], asked: [] });
    expect(await kill([second()], 9, () => false)).toEqual({ ended: [], asked: [] });
    expect(await job(second())).toMatchObject({ jobstatus: 'activated' });
  });

  it('wakes whoever waits for the end of the jobs, the commando of a commanded task too', async () => {
    await kill(ids, 52);
    expect((await rows('select routing_key from panda_ops.outbox order by ord')).map(({ routing_key }) => routing_key)).toEqual([
      'task.progressed',
      'task.ready',
      'task.commanded',
    ]);
  });
});
