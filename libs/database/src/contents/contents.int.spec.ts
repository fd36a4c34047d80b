import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type Database,
  insertContents,
  type NewContent,
  once,
  pickFiles,
  readContentKeys,
  readDatasets,
  recountInputs,
  releaseAllInput,
  resetPickedFiles,
  setDatasetCounters,
  statement,
  takeSerialNumbers,
  tasksWithInput,
  tasksWithStalePicks,
  transitionInputFiles,
} from '@panda/database';
import { aDataset, aFile, aTask, emptyTables, insertRows, pg, type TestDatabase, taskTables } from '@panda/testing';

const addTemplate = statement<object, object>(
  'test.addTemplate',
  `insert into doma_panda.jedi_output_template (jeditaskid, datasetid, filenametemplate, serialnr, streamname, outtype)
   values (1, 11, 'out.\${SN}.root', 1, 'OUT', 'output'), (1, 12, 'log.\${SN}.tgz', 1, 'LOG', 'log')`,
);

const content = (n: number, over: Partial<NewContent> = {}): NewContent => ({
  lfn: `f${n}`,
  scope: 's',
  guid: `g${n}`,
  type: 'input',
  status: 'ready',
  fsize: n,
  maxAttempt: 3,
  tracked: true,
  ...over,
});

describe('contents', () => {
  let db: TestDatabase;
  let database: Database;
  const dataset = { jediTaskId: 1, datasetId: 10 };
  beforeAll(async () => {
    db = await pg();
    database = db.database;
  }, 60_000);
  beforeEach(async () => {
    await emptyTables(database, ...taskTables);
    await insertRows(database, aTask(1), aDataset(10).counting(5));
  });
  afterAll(() => db.close());

  const used = async () => (await readDatasetsNow())?.nFilesUsed;
  const readDatasetsNow = async () => (await database.run(readDatasets, { taskIds: [1] }))[0];

  it('DB-12 adds files in order and tells which are known', async () => {
    const files = [content(1), content(2, { startEvent: 0, endEvent: 49, boundaryId: 7 }), content(3, { lfn: 'tab\tand\\back' })];
    expect(await database.transaction((tx) => insertContents(tx, dataset, files))).toBe(3);
    await database.run(setDatasetCounters, {
      taskId: 1,
      datasetId: 10,
      nFiles: 3,
      nFilesToBeUsed: 3,
      nFilesMissing: null,
      nEvents: 150,
      nEventsToBeUsed: null,
      state: 'closed',
    });
    const keys = await database.run(readContentKeys, { taskId: 1, datasetId: 10 });
    expect(keys.map(({ fileId: _, ...key }) => key)).toEqual([
      { lfn: 'f1', startEvent: null, endEvent: null, nEvents: null, boundaryId: null, status: 'ready' },
      { lfn: 'f2', startEvent: 0, endEvent: 49, nEvents: null, boundaryId: 7, status: 'ready' },
      { lfn: 'tab\tand\\back', startEvent: null, endEvent: null, nEvents: null, boundaryId: null, status: 'ready' },
    ]);
    expect(await readDatasetsNow()).toMatchObject({ nFiles: 3, nEvents: 150, state: 'closed', nFilesUsed: 0 });
  });

  it('picks ready files with attempts left, in order, and counts them', async () => {
    await insertRows(
      database,
      aFile(3),
      aFile(1),
      aFile(2).inStatus('finished'),
      aFile(4).attempts(3, 3),
      aFile(5).with({ maxfailure: 1, failedattempt: 1 }),
      aFile(6).with({ ramcount: 4000 }),
    );
    const first = await pickFiles(database, dataset, { limit: 1 });
    expect(first.map((file) => file.fileId)).toEqual([1]);
    expect((await pickFiles(database, dataset, { limit: 10, ramCount: 0 })).map((file) => file.fileId)).toEqual([3]);
    expect((await pickFiles(database, dataset, { limit: 10 })).map((file) => file.fileId)).toEqual([6]);
    expect(await used()).toBe(3);
  });

  it('picks by lumi block or boundary when the task asks for it', async () => {
    await insertRows(
      database,
      aFile(1).with({ lumiblocknr: 9, boundaryid: 1 }),
      aFile(2).with({ lumiblocknr: 8, boundaryid: 3 }),
      aFile(3).with({ lumiblocknr: 8, boundaryid: 2, lfn: 'a' }),
    );
    const order = async (by: 'lumiBlock' | 'boundary') => {
      const files = await pickFiles(database, dataset, { limit: 3, order: by });
      await resetPickedFiles(database, 1);
      return files.map((file) => file.fileId);
    };
    expect(await order('lumiBlock')).toEqual([3, 2, 1]);
    expect(await order('boundary')).toEqual([1, 3, 2]);
  });

  it('gives picked files back with the counter, some or all', async () => {
    await insertRows(database, aFile(1), aFile(2), aFile(3));
    await pickFiles(database, dataset, { limit: 3 });
    expect(await resetPickedFiles(database, 1, [2])).toBe(1);
    expect(await used()).toBe(2);
    expect(await resetPickedFiles(database, 1)).toBe(2);
    expect(await resetPickedFiles(database, 1)).toBe(0);
    expect(await used()).toBe(0);
  });

  it('finds tasks whose picked files nobody works on', async () => {
    await insertRows(database, aFile(1).inStatus('picked'), aTask(2).lockedBy('g:1'), aFile(2).in(2, 20).inStatus('picked'));
    await database.pool.query(`update doma_panda.jedi_tasks set modificationtime = '2020-01-01'`);
    expect(await database.run(tasksWithStalePicks, { staleS: 1800, limit: 10 })).toEqual([{ id: 1 }]);
  });

  it('moves files by events of their machine only', async () => {
    await insertRows(database, aFile(1).inStatus('staging'), aFile(2).inStatus('finished'));
    const files = [1, 2].map((fileId) => ({ datasetId: 10, fileId }));
    const result = await transitionInputFiles(database, { jediTaskId: 1, files, event: 'stagedIn', actor: 'message-processor' });
    expect(result).toEqual({ moved: [{ id: 1, from: 'staging', to: 'pending' }], losers: [2] });
  });

  it('gives serial numbers of output files out once', async () => {
    await database.run(addTemplate, {});
    const take = (count: number) => database.run(takeSerialNumbers, { taskId: 1, datasetIds: [11, 12], count });
    const parts = await Promise.all([take(10), take(10), take(10)]);
    const firsts = parts.flatMap((rows) => rows.filter((row) => row.datasetId === 11).map((row) => row.first));
    expect(firsts.toSorted((a, b) => a - b)).toEqual([1, 11, 21]);
  });

  it('opens the avalanche: all usable files may be used', async () => {
    await insertRows(
      database,
      aDataset(20).counting(5).with({ nfilestobeused: 2 }),
      ...[1, 2, 3].map((n) => aFile(n).in(1, 20)),
      aFile(4).in(1, 20).inStatus('lost'),
    );
    expect(await database.run(releaseAllInput, { taskIds: [1], unusable: ['pending', 'staging', 'missing', 'lost'] })).toEqual([
      { taskId: 1, datasetId: 20, added: 1 },
    ]);
  });

  it('recounts by the rule of the invariants', async () => {
    await insertRows(database, aFile(1).inStatus('finished'), aFile(2).attempts(3, 3), aFile(3).inStatus('running'), aFile(4));
    const [row] = await database.run(recountInputs, { taskIds: [1] });
    expect(row).toMatchObject({ stored: { used: 0, finished: 0, failed: 0 }, counted: { used: 3, finished: 1, failed: 1 } });
  });

  it('lists tasks with input to be used, most urgent first', async () => {
    await insertRows(
      database,
      aTask(2).withPriority(9000),
      aDataset(21).ofTask(2).counting(3),
      aTask(3),
      aDataset(22).ofTask(3).counting(3, 3),
      aTask(4).withShare('Test'),
      aDataset(23).ofTask(4).counting(3),
    );
    const params = {
      statuses: ['ready', 'running'],
      gshare: 'User Analysis',
      resourceType: 'SCORE',
      workQueueId: null,
      types: ['input'],
      minPriority: null,
      staleS: 600,
      limit: 10,
    };
    expect((await database.run(tasksWithInput, params)).map((task) => task.id)).toEqual([2, 1]);
  });

  it('runs a request once per idempotency key', async () => {
    const request = { scope: 'task/submit', key: 'k1', principal: 'alice', body: '{}' };
    let runs = 0;
    const submit = (over = {}) =>
      database.transaction((tx) =>
        once(tx, { ...request, ...over }, async () => {
          runs++;
          return { status: 200, response: { id: 7 } };
        }),
      );
    expect(await Promise.all([submit(), submit()])).toEqual(Array(2).fill({ status: 200, response: { id: 7 } }));
    expect(runs).toBe(1);
    await expect(submit({ body: '{"other":1}' })).rejects.toThrow('belongs to another request');
    await expect(submit({ principal: 'mallory' })).rejects.toThrow('belongs to another request');
  });
});
