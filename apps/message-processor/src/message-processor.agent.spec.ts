import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Delivery, ProcessorConfigError, Unprocessable } from '@panda/bus';
import { ExternalInputRepository } from '@panda/database';
import { inputFileStatus, taskStatus } from '@panda/domain';
import { aDataset, aFile, aJob, aJobFile, aTask, insertRows, pg, type TestDatabase, testRuntime } from '@panda/testing';
import { readProcessors } from './message-processor.config.js';
import { MessageProcessor } from './message-processor.js';
import { dispatch, pluginOf } from './plugins/index.js';
import type { MessagePlugin } from './plugins/plugin.js';

describe('the message processor', () => {
  let db: TestDatabase;
  const runtime = testRuntime();
  let processor: MessageProcessor;

  beforeAll(async () => {
    db = await pg();
    processor = new MessageProcessor(db.database, new ExternalInputRepository(), runtime);
  }, 60_000);
  afterAll(() => db.close());

  const rows = async (sql: string) => (await db.database.pool.query(sql)).rows as Record<string, unknown>[];
  const delivered = (payload: unknown, messageId: string = randomUUID()): Delivery => ({
    envelope: {
      messageId,
      type: 'ingress.message',
      schemaVersion: '1.0',
      aggregate: 'external:idds',
      seq: 0,
      occurredAt: '',
      producer: 'idds',
      payload,
    },
    queue: 'q',
    attempt: 1,
    headers: {},
  });
  const handle = (payload: unknown, plugin: MessagePlugin = dispatch) => processor.handle(delivered(payload), plugin);
  const files = async (task: number) =>
    (await rows(`select status from doma_panda.jedi_dataset_contents where jeditaskid = ${task} order by fileid`)).map(
      ({ status }) => status,
    );
  const dataset = async (task: number) =>
    (await rows(`select status from doma_panda.jedi_datasets where jeditaskid = ${task}`))[0]?.status;
  const topics = async (task: number) =>
    (await rows(`select routing_key from panda_ops.outbox where aggregate = 'task:${task}' order by ord`)).map(
      ({ routing_key }) => routing_key,
    );
  /** A task with two files on tape. */
  const onTape = (id: number, status: Parameters<ReturnType<typeof aTask>['inStatus']>[0] = taskStatus.defined) =>
    insertRows(
      db.database,
      aTask(id).inStatus(status),
      aDataset(10 * id)
        .ofTask(id)
        .with({ datasetname: `mc:input${id}` }),
      aFile(100 * id)
        .in(id, 10 * id)
        .inStatus(inputFileStatus.staging)
        .with({ scope: 'mc', lfn: 'one' }),
      aFile(100 * id + 1)
        .in(id, 10 * id)
        .inStatus(inputFileStatus.staging)
        .with({ scope: 'mc', lfn: 'two' }),
    );
  const staged = (task: number, name: string, over: object = {}) => ({
    msg_type: 'file_stagein',
    request_id: 1,
    workload_id: task,
    relation_type: 'output',
    files: [{ scope: 'mc', name, path: '', status: 'Available' }],
    ...over,
  });

  it('MSGPROC-05 JEDI-msgproc-01 takes files that came from tape, and wakes the feeder', async () => {
    await onTape(1);
    const plugin = pluginOf('pandajedi.jedimsgprocessor.atlas_idds_msg_processor');
    expect(await handle(staged(1, 'one'), plugin)).toEqual({
      plugin: 'tapeCarousel',
      outcome: 'done',
      jediTaskId: 1,
      changed: 1,
    });
    expect(await files(1)).toEqual(['pending', 'staging']);
    expect(await dataset(1)).toBe('toupdate');
    expect(await topics(1)).toEqual(['task.refined']);
  });

  it('lets tasks that run, or that wait for more input, be fed at once', async () => {
    await onTape(6, taskStatus.running);
    await onTape(7, taskStatus.pending);
    await db.database.pool.query("update doma_panda.jedi_tasks set oldstatus = 'defined' where jeditaskid = 7");
    for (const id of [6, 7]) await handle(staged(id, 'one'));
    const states = 'select status from doma_panda.jedi_tasks where jeditaskid in (6, 7) order by jeditaskid';
    expect(await rows(states)).toEqual([{ status: 'running' }, { status: 'defined' }]);
    for (const id of [6, 7]) expect(await topics(id)).toEqual(['task.refined']);
  });

  it('leaves a task that waits for something else alone when a message brings nothing new', async () => {
    await onTape(8, taskStatus.pending);
    await db.database.pool.query("update doma_panda.jedi_tasks set oldstatus = 'ready' where jeditaskid = 8");
    expect(await handle(staged(8, 'no such file'))).toMatchObject({ changed: 0 });
    expect(await rows('select status from doma_panda.jedi_tasks where jeditaskid = 8')).toEqual([{ status: 'pending' }]);
    expect(await topics(8)).toEqual([]);
  });

  it('changes nothing when a message comes again, as itself or under another id', async () => {
    await onTape(2);
    const first = delivered(staged(2, 'one'));
    expect(await processor.handle(first, dispatch)).toMatchObject({ changed: 1 });
    expect(await processor.handle(first, dispatch)).toBeUndefined();
    expect(await handle(staged(2, 'one'))).toMatchObject({ changed: 0 });
    expect(await files(2)).toEqual(['pending', 'staging']);
  });

  it('takes a whole dataset, and lets a task go on that waited for it', async () => {
    await onTape(3, taskStatus.staging);
    const closed = {
      msg_type: 'collection_stagein',
      workload_id: '3',
      relation_type: 'output',
      collections: [{ scope: 'mc', name: 'input3', status: 'Closed' }],
    };
    expect(await handle(closed)).toMatchObject({ changed: 2 });
    expect(await files(3)).toEqual(['pending', 'pending']);
    expect(await rows('select status from doma_panda.jedi_tasks where jeditaskid = 3')).toEqual([{ status: 'staged' }]);
    expect(await topics(3)).toEqual(['task.submitted']);
  });

  it('marks files that a workflow will not make as missing', async () => {
    await onTape(4);
    const files4 = [
      { scope: 'mc', name: 'one', status: 'Available' },
      { scope: 'mc', name: 'two', status: 'Missing' },
    ];
    const message = { msg_type: 'file_processing', workload_id: 4, relation_type: 'input', files: files4 };
    expect(await handle(message)).toMatchObject({ plugin: 'processing', changed: 2 });
    expect(await files(4)).toEqual(['pending', 'missing']);
  });

  it('adds points of a hyperparameter search once, and finishes the task when no more come', async () => {
    await insertRows(
      db.database,
      aTask(5).running(),
      aDataset(50).ofTask(5).with({ type: 'pseudo_input', containername: 'pseudo/modelA' }),
      aDataset(51).ofTask(5).with({ type: 'pseudo_input', containername: 'pseudo/modelB' }),
    );
    const points = (...names: number[]) => ({
      msg_type: 'file_hyperparameteropt',
      workload_id: 5,
      relation_type: 'output',
      files: names.map((name) => ({ scope: 'hpo', name, path: '[["modelB", 1], []]', status: 'New' })),
    });
    expect(await handle(points(7, 8))).toMatchObject({ plugin: 'hyperparameters', changed: 2 });
    expect(await handle(points(8, 9))).toMatchObject({ changed: 1 });
    expect(
      await rows(
        'select datasetid, status, attemptnr, def_min_eventid, def_max_eventid from doma_panda.jedi_events where jeditaskid = 5 order by 4',
      ),
    ).toEqual([7, 8, 9].map((id) => ({ datasetid: 51, status: 0, attemptnr: 5, def_min_eventid: id, def_max_eventid: id })));
    await handle({ msg_type: 'collection_hyperparameteropt', workload_id: 5, collections: [] });
    expect(await rows('select comm_cmd, comm_comment from doma_deft.prodsys_comm where comm_task = 5')).toEqual([
      { comm_cmd: 'finish', comm_comment: 'soft finish' },
    ]);
  });

  it('keeps the points of two models apart that have the same number', async () => {
    await insertRows(
      db.database,
      aTask(9).running(),
      aDataset(90).ofTask(9).with({ type: 'pseudo_input', containername: 'pseudo/modelA' }),
      aDataset(91).ofTask(9).with({ type: 'pseudo_input', containername: 'pseudo/modelB' }),
    );
    const points = (...points: [model: string, id: number][]) => ({
      msg_type: 'file_hyperparameteropt',
      workload_id: 9,
      relation_type: 'output',
      files: points.map(([model, name]) => ({ scope: 'hpo', name: String(name), path: `[["${model}", 1], []]`, status: 'New' })),
    });
    expect(await handle(points(['modelA', 1], ['modelA', 2]))).toMatchObject({ changed: 2 });
    expect(await handle(points(['modelB', 1], ['modelB', 2], ['modelA', 2], ['modelB', 3]))).toMatchObject({ changed: 3 });
    expect(await handle(points(['modelA', 4], ['modelB', 4], ['modelB', 1]))).toMatchObject({ changed: 2 });
    const events =
      'select datasetid::int, def_min_eventid::int as point from doma_panda.jedi_events where jeditaskid = 9 order by 1, 2';
    expect(await rows(events)).toEqual([
      ...[1, 2, 4].map((point) => ({ datasetid: 90, point })),
      ...[1, 2, 3, 4].map((point) => ({ datasetid: 91, point })),
    ]);
  });

  it('MSGPROC-05 starts jobs whose dispatch dataset has arrived', async () => {
    await insertRows(
      db.database,
      aJob(60).inStatus('assigned'),
      aJob(61).inStatus('assigned'),
      aJobFile(1).ofJob(60).with({ dispatchdblock: 'panda:mine_dis1' }),
      aJobFile(2).ofJob(61).with({ dispatchdblock: 'panda:other_dis2' }),
    );
    const event = { event_type: 'datasetlock_ok', payload: { scope: 'panda', name: 'mine_dis1', rse: 'DISK' } };
    const plugin = pluginOf('pandajedi.jedimsgprocessor.panda_callback_msg_processor');
    expect(await handle(event, plugin)).toMatchObject({ plugin: 'callback', changed: 1 });
    expect(await rows('select jobstatus from doma_panda.jobs where pandaid in (60, 61) order by pandaid')).toEqual([
      { jobstatus: 'activated' },
      { jobstatus: 'assigned' },
    ]);
  });

  it('ignores what says nothing to it, with a warning', async () => {
    for (const message of [
      { msg_type: 'health_heartbeat' },
      { msg_type: 'file_unknown', workload_id: 1, files: [] },
      { msg_type: 'work_activelearning', workload_id: 1 },
      { event_type: 'transfer_done', payload: {} },
      { ...staged(1, 'one'), relation_type: 'input' },
    ]) {
      expect(await handle(message)).toMatchObject({ outcome: 'ignored' });
    }
    expect(runtime.log.messages('warn')).toContain('a message is ignored');
  });

  it.each([
    ['no JSON', 'hello', 'no JSON object'],
    ['no type', {}, 'no msg_type'],
    ['no task', { msg_type: 'file_stagein', workload_id: 'x', files: [] }, 'workload_id is no task'],
    ['no files', { msg_type: 'file_stagein', workload_id: 1 }, 'no list of files'],
    ['a file without status', { msg_type: 'file_stagein', workload_id: 1, files: [{ name: 'a' }] }, 'item without status'],
    [
      'a point that is no number',
      { msg_type: 'file_hyperparameteropt', workload_id: 1, files: [{ name: 'a', status: 'New' }] },
      'no number of a point',
    ],
  ])('refuses %s, so that it becomes a dead letter, and remembers nothing', async (_title, payload, reason) => {
    const message = delivered(payload);
    const refused = processor.handle(message, dispatch);
    await expect(refused).rejects.toThrow(Unprocessable);
    await expect(refused).rejects.toThrow(reason);
    expect(await rows(`select * from panda_ops.inbox where message_id = '${message.envelope.messageId}'`)).toEqual([]);
  });

  it('MSGPROC-04 finds the plug-in of a configured module, and refuses one that does not exist', () => {
    expect(pluginOf('pandajedi.jedimsgprocessor.atlas_idds_msg_processor')?.name).toBe('dispatch');
    expect(pluginOf('pandajedi.jedimsgprocessor.panda_callback_msg_processor')?.name).toBe('callback');
    const config = { processors: { odd: { module: 'a.b', name: 'C' }, off: { enable: false, module: 'a.b', name: 'C' } } };
    expect(() => readProcessors({ processors: JSON.stringify(config) })).toThrow(ProcessorConfigError);
    expect(() => readProcessors({ processors: JSON.stringify(config) })).toThrow('there is no plug-in for the module a.b');
  });

  it('MSGPROC-01 listens to no outside broker unless one is configured', () => {
    expect(readProcessors({ processors: '{}' })).toEqual([]);
  });
});
