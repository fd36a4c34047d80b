import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DdmRepository, FeedingRepository, TaskClaims } from '@panda/database';
import { CatalogDdm } from '@panda/ddm-catalog';
import { DdmError, datasetName, type TaskParameters, taskStatus } from '@panda/domain';
import { aDataset, anEndpoint, aRefinedTask, aTask, insertRows, pg, type TestDatabase, testRuntime } from '@panda/testing';
import { ContentsFeederAgent } from './contents-feeder.agent.js';
import { contentsFeederKeys } from './contents-feeder.config.js';
import { DatasetListing } from './dataset-listing.js';

const recorded = new URL('../../../libs/domain/src/refine/fixtures/', import.meta.url);
const ENDPOINT = 'SITE_A_DATADISK';

/** The real catalogue, except while it cannot be reached. */
class SometimesAway extends CatalogDdm {
  isAway = false;
  override async describe(names: Parameters<CatalogDdm['describe']>[0]) {
    if (this.isAway) throw new DdmError('temporary', 'the catalogue does not answer');
    return super.describe(names);
  }
}

/** Hands the task to another feeder in the moment between the look and the write. */
class Overtaken extends DatasetListing {
  overtake: (() => Promise<unknown>) | undefined;
  override async list(request: Parameters<DatasetListing['list']>[0]) {
    await this.overtake?.();
    return super.list(request);
  }
}

describe('the contents feeder', () => {
  let db: TestDatabase;
  let ddm: SometimesAway;
  let listing: Overtaken;
  let agent: ContentsFeederAgent;

  beforeAll(async () => {
    db = await pg();
    ddm = new SometimesAway(new DdmRepository(db.database));
    const runtime = testRuntime();
    const tasks = new FeedingRepository(db.database);
    listing = new Overtaken(tasks, ddm, runtime.random);
    agent = new ContentsFeederAgent(runtime, contentsFeederKeys.with({}), new TaskClaims(db.database), tasks, listing);
    await insertRows(db.database, anEndpoint(ENDPOINT));
  }, 60_000);
  afterAll(() => db.close());

  const map = async (file: string, id: number, over: object = {}): Promise<TaskParameters> => {
    const parameters = JSON.parse(await readFile(new URL(file, recorded), 'utf8')) as object;
    const server = { taskName: `user.alice.task${id}/`, vo: 'wlcg', userName: 'alice', taskType: 'anal', taskPriority: 1000 };
    return { ...parameters, ...server, ...over };
  };
  /** A dataset of `files` files with this part of the name. */
  const dataset = async (name: string, files: number) => {
    const wanted = datasetName(name);
    await ddm.register([wanted]);
    const listed = Array.from({ length: files }, (_, i) => ({
      scope: wanted.scope,
      lfn: `${wanted.name}.${String(i + 1).padStart(3, '0')}.root`,
      size: 1_000 + i,
      guid: `guid-${name}-${i}`,
      adler32: '0a0b0c0d',
    }));
    if (files > 0) await ddm.addFiles(wanted, ENDPOINT, listed);
  };
  /** The recorded prun submission with input; each test has datasets of its own. */
  const withInput = async (id: number, over: object = {}) => {
    const text = JSON.stringify(await map('prun-input-build.json', id)).replaceAll('user.bob.', `user.bob${id}.`);
    return { ...(JSON.parse(text) as TaskParameters), ...over };
  };
  const rows = async (sql: string) => (await db.database.pool.query(sql)).rows as Record<string, unknown>[];
  const task = async (id: number) =>
    (
      await rows(
        `select status, oldstatus, errordialog, lockedby, frozentime from doma_panda.jedi_tasks where jeditaskid = ${id}`,
      )
    )[0];
  const datasets = (id: number) =>
    rows(`select datasetname, type, status, nfiles, nfilestobeused, nfilesused from doma_panda.jedi_datasets
      where jeditaskid = ${id} and type in ('input', 'pseudo_input') order by masterid nulls first, datasetid`);
  const contents = (id: number, type = 'input') =>
    rows(`select lfn, scope, guid, status, fsize, checksum, attemptnr, maxattempt from doma_panda.jedi_dataset_contents
      where jeditaskid = ${id} and type = '${type}' order by datasetid, fileid`);
  const topics = async (id: number) =>
    (await rows(`select routing_key from panda_ops.outbox where aggregate = 'task:${id}' order by ord`)).map(
      ({ routing_key }) => routing_key,
    );
  const feed = (...ids: number[]) => agent.runOnce({ ids, sweep: false });

  it('JEDI-feeder-02 counts pseudo files for a task without input: one for each job, numbered from its offset', async () => {
    await aRefinedTask(db.database, ddm, 1, await map('prun-no-input.json', 1));
    expect(await feed(1)).toMatchObject({ claimed: 1, done: 1, more: false });
    expect(await task(1)).toMatchObject({ status: 'ready', lockedby: null, errordialog: null });
    const counters = { type: 'pseudo_input', status: 'ready', nfiles: 3, nfilestobeused: 3, nfilesused: 0 };
    expect(await datasets(1)).toMatchObject([
      { datasetname: 'pseudo_dataset', ...counters },
      { datasetname: 'seq_number', ...counters },
    ]);
    const one = ['pseudo_lfn', 'ready'];
    expect((await contents(1, 'pseudo_input')).map(({ lfn, status }) => [lfn, status])).toEqual([
      ...[one, one, one],
      ...[
        ['11', 'ready'],
        ['12', 'ready'],
        ['13', 'ready'],
      ],
    ]);
    expect(await topics(1)).toEqual(['task.refined', 'task.ready']);
  });

  it('JEDI-feeder-01 lists datasets into files rows in name order, with sizes and checksums, the master and what goes with it', async () => {
    await dataset('user.bob2.in', 4);
    await dataset('user.bob2.sec', 2);
    await aRefinedTask(db.database, ddm, 2, await withInput(2));
    await feed(2);
    expect(await task(2)).toMatchObject({ status: 'ready', errordialog: null });
    expect(await datasets(2)).toMatchObject([
      { datasetname: 'user.bob2.in', status: 'ready', nfiles: 4, nfilestobeused: 4 },
      { datasetname: 'user.bob2.sec', status: 'ready', nfiles: 2 },
    ]);
    const files = await contents(2);
    expect(files).toHaveLength(6);
    expect(files[0]).toEqual({
      lfn: 'user.bob2.in.001.root',
      scope: 'user.bob2',
      guid: 'guid-user.bob2.in-0',
      status: 'ready',
      fsize: 1000,
      checksum: expect.stringContaining('0a0b0c0d'),
      attemptnr: 0,
      maxattempt: 3,
    });
  });

  it('BASIC-10 JEDI-tbroker-01 has the output’s destination chosen where it is aggregated and none is named, and nowhere else', async () => {
    const managed = { prodSourceLabel: 'managed', taskType: 'prod' };
    for (const [id, over] of [
      [70, { ...managed, cloud: 'WORLD' }],
      [71, { ...managed, cloud: 'US' }],
      [72, {}],
    ] as const) {
      await aRefinedTask(db.database, ddm, id, await map('prun-no-input.json', id, over));
    }
    await feed(70, 71, 72);
    expect([(await task(70))?.status, (await task(71))?.status, (await task(72))?.status]).toEqual([
      'assigning',
      'ready',
      'ready',
    ]);
    expect([(await topics(70)).at(-1), (await topics(71)).at(-1)]).toEqual(['task.assigning', 'task.ready']);
  });

  it('gives scouts a part of the input first: two files for each of ten jobs', async () => {
    await dataset('user.bob3.in', 50);
    await dataset('user.bob3.sec', 3);
    await aRefinedTask(db.database, ddm, 3, await withInput(3));
    await dataset('user.bob4.in', 50);
    await dataset('user.bob4.sec', 3);
    await aRefinedTask(db.database, ddm, 4, await withInput(4, { skipScout: true }));
    await feed(3, 4);
    expect((await datasets(3))[0]).toMatchObject({ nfiles: 50, nfilestobeused: 20 });
    expect((await datasets(4))[0]).toMatchObject({ nfiles: 50, nfilestobeused: 50 });
  });

  it('takes only as many files as the task asks for', async () => {
    await dataset('user.bob5.in', 9);
    await dataset('user.bob5.sec', 1);
    await aRefinedTask(db.database, ddm, 5, await withInput(5, { nFiles: 6 }));
    await feed(5);
    expect((await datasets(5))[0]).toMatchObject({ nfiles: 6, nfilestobeused: 6 });
  });

  it('breaks a task whose dataset has vanished, and stores no files', async () => {
    await dataset('user.bob6.in', 2);
    await aRefinedTask(db.database, ddm, 6, await withNothingBut(6));
    await db.database.pool.query(
      "update doma_panda.jedi_datasets set datasetname = 'user.bob6.gone' where jeditaskid = 6 and type = 'input'",
    );
    expect(await feed(6)).toMatchObject({ failed: 1, done: 0 });
    expect(await task(6)).toMatchObject({
      status: 'tobroken',
      errordialog: 'data management: no dataset user.bob6.gone',
      lockedby: null,
    });
    expect(await contents(6)).toEqual([]);
    expect(await topics(6)).toContain('task.prepared');
  });

  it('goes on without a vanished dataset when the task says so', async () => {
    await dataset('user.bob7.in', 2);
    await dataset('user.bob7.sec', 2);
    await aRefinedTask(db.database, ddm, 7, await withInput(7, { ignoreMissingInDS: true }));
    await db.database.pool.query(
      "update doma_panda.jedi_datasets set datasetname = 'user.bob7.gone' where jeditaskid = 7 and datasetname = 'user.bob7.sec'",
    );
    await feed(7);
    expect(await task(7)).toMatchObject({ status: 'ready' });
    expect(await contents(7)).toHaveLength(2);
  });

  it('waits while data management does not answer, stores nothing, and feeds when it is back', async () => {
    await dataset('user.bob8.in', 2);
    await dataset('user.bob8.sec', 1);
    await aRefinedTask(db.database, ddm, 8, await withInput(8));
    ddm.isAway = true;
    expect(await feed(8)).toMatchObject({ waiting: 1, done: 0 });
    ddm.isAway = false;
    expect(await task(8)).toMatchObject({
      status: 'pending',
      oldstatus: 'defined',
      errordialog: 'data management: the catalogue does not answer',
      lockedby: null,
      frozentime: expect.any(Date),
    });
    expect(await contents(8)).toEqual([]);
    await db.database.pool.query("update doma_panda.jedi_tasks set status = 'defined', oldstatus = null where jeditaskid = 8");
    await feed(8);
    expect(await task(8)).toMatchObject({ status: 'ready', errordialog: null, frozentime: null });
    expect(await contents(8)).toHaveLength(3);
  });

  it('ends a task whose input is empty, and waits for it when the task allows that', async () => {
    for (const id of [9, 10]) {
      await dataset(`user.bob${id}.in`, 0);
      await dataset(`user.bob${id}.sec`, 1);
    }
    await aRefinedTask(db.database, ddm, 9, await withInput(9));
    await aRefinedTask(db.database, ddm, 10, await withInput(10, { allowEmptyInput: true }));
    await feed(9, 10);
    const errordialog = 'no master input files. input dataset is empty';
    expect(await task(9)).toMatchObject({ status: 'tobroken', errordialog });
    expect(await task(10)).toMatchObject({ status: 'pending', oldstatus: 'defined', errordialog });
  });

  it('stores nothing when another feeder took the task meanwhile', async () => {
    await dataset('user.bob11.in', 2);
    await dataset('user.bob11.sec', 1);
    await aRefinedTask(db.database, ddm, 11, await withInput(11));
    listing.overtake = () =>
      db.database.pool.query("update doma_panda.jedi_tasks set lockedby = 'contents-feeder:other' where jeditaskid = 11");
    await feed(11);
    listing.overtake = undefined;
    expect(await task(11)).toMatchObject({ status: 'defined', lockedby: 'contents-feeder:other' });
    expect(await contents(11)).toEqual([]);
    expect(await feed(11)).toMatchObject({ claimed: 0 });
  });

  it('JEDI-core-04 two feeders at once feed each task once', async () => {
    const ids = Array.from({ length: 8 }, (_, i) => 20 + i);
    for (const id of ids) await aRefinedTask(db.database, ddm, id, await map('prun-no-input.json', id));
    const tasks = new FeedingRepository(db.database);
    const runtime = testRuntime(2);
    for (let n = 0; n < 1_000; n++) runtime.ids.next(); // claims of two processes never share an id
    const other = new ContentsFeederAgent(
      runtime,
      contentsFeederKeys.with({}),
      new TaskClaims(db.database),
      tasks,
      new DatasetListing(tasks, ddm, runtime.random),
    );
    const reports = await Promise.all([agent, other].map((one) => one.runOnce({ ids, sweep: false })));
    expect(reports.reduce((sum, { done }) => sum + done, 0)).toBe(8);
    for (const id of ids) expect(await contents(id, 'pseudo_input')).toHaveLength(6);
  });

  it('JEDI-core-02 finds by its sweep what no message announced, and takes over from a feeder that died', async () => {
    const dead = new Date(Date.now() - 3_600_000).toISOString();
    await insertRows(
      db.database,
      aTask(40).inStatus(taskStatus.defined).with({ lockedby: 'contents-feeder:dead', lockedtime: dead }),
      aDataset(400).ofTask(40).with({ type: 'pseudo_input', datasetname: 'pseudo_dataset', status: 'defined' }),
    );
    await agent.runOnce();
    expect(await task(40)).toMatchObject({ status: 'ready', lockedby: null });
    expect(await contents(40, 'pseudo_input')).toHaveLength(1);
  });

  it('feeds a task that runs from input that has come since, keeps its state, and wakes the generator once', async () => {
    await dataset('user.bob50.in', 6);
    const parameters = {
      ...(await withNothingBut(50)),
      inputPreStaging: true,
      nChunksToWait: 1,
      nFilesPerJob: 2,
      skipScout: true,
    };
    await aRefinedTask(db.database, ddm, 50, { ...parameters, respectSplitRule: null });
    await feed(50);
    expect(await task(50)).toMatchObject({ status: 'pending', oldstatus: 'defined' });
    const statuses = async () => (await contents(50)).map(({ status }) => status);
    expect(await statuses()).toEqual(Array(6).fill('staging'));

    // Three files have come and a job was made of two.
    const arrive = (files: number) =>
      rows(`update doma_panda.jedi_dataset_contents set status = 'pending' where fileid in (select fileid from
        doma_panda.jedi_dataset_contents where jeditaskid = 50 and status = 'staging' order by fileid limit ${files})`);
    const changed = () =>
      rows("update doma_panda.jedi_datasets set status = 'toupdate' where jeditaskid = 50 and datasetname = 'user.bob50.in'");
    await arrive(3);
    await rows("update doma_panda.jedi_tasks set status = 'running', oldstatus = null where jeditaskid = 50");
    await changed();
    const before = (await topics(50)).length;
    expect(await feed(50)).toMatchObject({ claimed: 1, done: 1 });
    expect(await statuses()).toEqual(['ready', 'ready', 'pending', 'staging', 'staging', 'staging']);
    expect(await task(50)).toMatchObject({ status: 'running', lockedby: null });
    expect((await topics(50)).slice(before)).toEqual(['task.ready']);

    // Nothing has changed: not looked at again.
    expect(await feed(50)).toMatchObject({ claimed: 0 });
    // All is there: the last file waits for no other.
    await arrive(3);
    await changed();
    await feed(50);
    expect(await statuses()).toEqual(Array(6).fill('ready'));
    expect((await datasets(50))[0]).toMatchObject({ status: 'ready', nfiles: 6, nfilestobeused: 6 });
  });

  it('comes back to a task that another agent works on when its input arrives', async () => {
    await insertRows(
      db.database,
      aTask(51).running().lockedBy('job-generator:busy'),
      aDataset(510).ofTask(51).with({ type: 'pseudo_input', datasetname: 'pseudo_dataset', status: 'toupdate', nfiles: 0 }),
    );
    const runtime = testRuntime(3);
    const tasks = new FeedingRepository(db.database);
    const listed = new DatasetListing(tasks, ddm, runtime.random);
    const feeder = new ContentsFeederAgent(runtime, contentsFeederKeys.with({}), new TaskClaims(db.database), tasks, listed);
    const woken: (readonly number[])[] = [];
    feeder.wake = (ids) => void woken.push(ids);
    expect(await feeder.runOnce({ ids: [51], sweep: false })).toMatchObject({ claimed: 0 });
    await runtime.clock.advance(1_000);
    expect(woken).toEqual([[51]]);
  });

  /** Input, and nothing that goes with it. */
  async function withNothingBut(id: number): Promise<TaskParameters> {
    const parameters = await withInput(id);
    const jobParameters = (parameters.jobParameters ?? []) as { value?: string }[];
    return { ...parameters, jobParameters: jobParameters.filter(({ value }) => !value?.includes('SEC')) } as TaskParameters;
  }
});
