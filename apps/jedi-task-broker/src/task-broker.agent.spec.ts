import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OperationalConfig } from '@panda/config';
import { DatabaseConfigRows, DdmRepository, OperatorTables, TaskBrokerRepository, TaskClaims } from '@panda/database';
import { CatalogDdm } from '@panda/ddm-catalog';
import { DdmError, datasetName, taskStatus } from '@panda/domain';
import { aDataset, anEndpoint, aQueue, aTask, insertRows, pg, type TestDatabase, testRuntime } from '@panda/testing';
import { Nuclei } from './nuclei.js';
import { TaskBrokerAgent } from './task-broker.agent.js';
import { taskBrokerKeys } from './task-broker.config.js';

/** The real catalogue, except while it cannot be reached. */
class SometimesAway extends CatalogDdm {
  isAway = false;
  override async availability(dataset: Parameters<CatalogDdm['availability']>[0]) {
    if (this.isAway) throw new DdmError('temporary', 'the catalogue does not answer');
    return super.availability(dataset);
  }
}

describe('the task broker', () => {
  let db: TestDatabase;
  let ddm: SometimesAway;
  let agent: TaskBrokerAgent;

  beforeAll(async () => {
    db = await pg();
    ddm = new SometimesAway(new DdmRepository(db.database));
    await rows(
      `insert into doma_panda.site (site_name, role, state) values ('ALPHA', 'nucleus', 'ACTIVE'), ('BETA', 'nucleus', 'ACTIVE'),
       ('CLOSED', 'nucleus', 'INACTIVE'), ('SATELLITE', 'satellite', 'ACTIVE')`,
    );
    await rows(
      `insert into doma_panda.config (app, component, key, value, type, vo, descr) values ('jedi', 'taskbrokerage', 'INPUT_NUM_THRESHOLD', '1', 'int', 'any', '')`,
    );
    const space = { space_total: 2_000_000, space_free: 1_000_000, ddm_spacetoken_name: 'DATADISK' };
    await insertRows(
      db.database,
      aQueue('QUEUE_A'),
      anEndpoint('ALPHA_DATADISK').with({ ...space, site_name: 'ALPHA' }),
      anEndpoint('BETA_DATADISK').with({ ...space, site_name: 'BETA' }),
      anEndpoint('CLOSED_DATADISK').with({ ...space, site_name: 'CLOSED' }),
    );
    const runtime = testRuntime();
    const tasks = new TaskBrokerRepository(db.database);
    const tables = new OperatorTables(db.database, runtime.clock);
    const config = new OperationalConfig(new DatabaseConfigRows(db.database));
    await config.refresh();
    const nuclei = new Nuclei(tables, tasks, ddm);
    agent = new TaskBrokerAgent(runtime, taskBrokerKeys.with({}), new TaskClaims(db.database), tasks, nuclei, tables, config);
  }, 60_000);
  afterAll(() => db.close());

  const rows = async (sql: string) => (await db.database.pool.query(sql)).rows as Record<string, unknown>[];
  const broker = (...ids: number[]) => agent.runOnce({ ids, sweep: false });
  const task = async (id: number) =>
    (await rows(`select status, nucleus, errordialog, lockedby from doma_panda.jedi_tasks where jeditaskid = ${id}`))[0];
  const verdict = async (id: number) =>
    (await rows(`select kind, verdict from panda_ops.brokerage_verdict where jeditaskid = ${id} order by id desc limit 1`))[0];
  /** A production task that waits for its nucleus, with an output, a log and a real input dataset. */
  async function assigning(
    id: number,
    columns: Record<string, string | number> = {},
    output: Record<string, string> = {},
  ): Promise<string> {
    const input = `prod:input${id}`;
    await insertRows(
      db.database,
      aTask(id)
        .inStatus(taskStatus.assigning)
        .with({ prodsourcelabel: 'managed', cloud: 'WORLD', ramcount: 2000, corecount: 1, ...columns }),
      aDataset(10 * id)
        .ofTask(id)
        .counting(3)
        .with({ datasetname: input }),
      aDataset(10 * id + 1)
        .ofTask(id)
        .output()
        .with({ storagetoken: 'DATADISK', ...output }),
      aDataset(10 * id + 2)
        .ofTask(id)
        .output('log'),
    );
    await ddm.register([datasetName(input)]);
    return input;
  }
  const replicas = (dataset: string, endpoint: string, files: number) =>
    ddm.addFiles(
      datasetName(dataset),
      endpoint,
      Array.from({ length: files }, (_, n) => ({ scope: 'prod', lfn: `${dataset}.${n}`, size: 1_000_000 })),
    );

  it('JEDI-tbroker-02 sends the output where the input is, and wakes the job generator', async () => {
    await replicas(await assigning(1), 'BETA_DATADISK', 3);
    expect(await broker(1)).toMatchObject({ claimed: 1, done: 1 });
    expect(await task(1)).toEqual({ status: 'ready', nucleus: 'BETA', errordialog: null, lockedby: null });
    expect(
      await rows('select type, destination, storagetoken from doma_panda.jedi_datasets where jeditaskid = 1 order by datasetid'),
    ).toEqual([
      { type: 'input', destination: null, storagetoken: null },
      { type: 'output', destination: 'nucleus:BETA', storagetoken: 'dst:BETA_DATADISK/DATADISK' },
      { type: 'log', destination: 'nucleus:BETA', storagetoken: null },
    ]);
    expect(await rows("select routing_key from panda_ops.outbox where aggregate = 'task:1'")).toEqual([
      { routing_key: 'task.ready' },
    ]);
    expect(await verdict(1)).toMatchObject({
      kind: 'task',
      verdict: { broker: 'task', candidates: 3, chosen: [{ queue: 'BETA' }] },
    });
  });

  it('takes the nucleus that the task names', async () => {
    await replicas(await assigning(2, { nucleus: 'ALPHA' }), 'BETA_DATADISK', 3);
    await broker(2);
    expect(await task(2)).toMatchObject({ status: 'ready', nucleus: 'ALPHA' });
  });

  it('leaves output that is spread over the sites where it is made', async () => {
    await replicas(await assigning(3, {}, { destination: 'ddd:SOME_DISK' }), 'ALPHA_DATADISK', 3);
    await broker(3);
    expect(await rows('select destination from doma_panda.jedi_datasets where datasetid = 31')).toEqual([
      { destination: 'ddd:SOME_DISK' },
    ]);
  });

  it('lets a task that no nucleus can take wait, says why, and takes it when one can', async () => {
    await replicas(await assigning(4, {}, { storagetoken: 'TAPE' }), 'ALPHA_DATADISK', 3);
    expect(await broker(4)).toMatchObject({ claimed: 1, done: 0, waiting: 1 });
    expect(await task(4)).toMatchObject({
      status: 'assigning',
      nucleus: null,
      lockedby: null,
      errordialog: '0 of 3 nuclei: 2 endpoint (no endpoint for TAPE), 1 inactive',
    });
    await rows("update doma_panda.jedi_datasets set storagetoken = 'DATADISK' where datasetid = 41");
    await broker(4);
    expect(await task(4)).toMatchObject({ status: 'ready', nucleus: 'ALPHA', errordialog: null });
    expect(await rows('select * from panda_ops.next_action where object_id = 4')).toEqual([]);
  });

  it('waits while no queue could run the task', async () => {
    await assigning(5, { ramcount: 90_000 });
    await broker(5);
    expect(await task(5)).toMatchObject({ status: 'assigning', errordialog: expect.stringContaining('2 queues') });
  });

  it('waits while data management does not answer', async () => {
    await assigning(6);
    ddm.isAway = true;
    await broker(6);
    ddm.isAway = false;
    expect(await task(6)).toMatchObject({
      status: 'assigning',
      lockedby: null,
      errordialog: expect.stringContaining('does not answer'),
    });
  });

  it('gives every task its turn, however many more urgent ones no nucleus can take', async () => {
    const stuck = Array.from({ length: 250 }, (_, i) => 1_000 + i);
    await insertRows(
      db.database,
      ...stuck.flatMap((id) => [
        aTask(id)
          .inStatus(taskStatus.assigning)
          .with({ prodsourcelabel: 'managed', cloud: 'WORLD', ramcount: 90_000, corecount: 1, currentpriority: 900 }),
        aDataset(10 * id)
          .ofTask(id)
          .output(),
      ]),
    );
    await replicas(await assigning(2_000, { currentpriority: 1 }), 'ALPHA_DATADISK', 3);
    const reports = await agent.runUntilIdle();
    expect(reports.map(({ done }) => done).reduce((a, b) => a + b)).toBe(1);
    expect(await task(2_000)).toMatchObject({ status: 'ready', nucleus: 'ALPHA' });
    const waiting = `select count(*)::int as n, count(distinct n.reason)::int as reasons, min(n.due_at) > now() + interval '9 minutes' as later
      from panda_ops.next_action n where n.object_id between 1000 and 1249`;
    expect(await rows(waiting)).toEqual([{ n: 250, reasons: 1, later: true }]);
    // They are not looked at again before their date, and are when it has come.
    expect(await agent.runOnce()).toMatchObject({ claimed: 0 });
    await rows("update panda_ops.next_action set due_at = now() - interval '1 second' where object_id = 1000");
    expect(await agent.runOnce()).toMatchObject({ claimed: 1, waiting: 1 });
  }, 60_000);
});
