import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PyTuple, unpickle } from '@panda/contracts';
import { aDataset, aDeftTask, aFile, aJob, aJobFile, aTask, insertRows } from '@panda/testing';
import { classic, countRows, v1Get, v1Post } from '../testing/calls.js';
import { startGateway, type TestGateway } from '../testing/gateway.js';

let gateway: TestGateway;
let alice: { token: string };
let bob: { token: string };
let production: { token: string; origin: string };

beforeAll(async () => {
  gateway = await startGateway();
  alice = { token: await gateway.issuer.token() };
  bob = { token: await gateway.issuer.token({ sub: 'bob', name: 'Bob Builder' }) };
  production = {
    token: await gateway.issuer.token({ sub: 'prod', name: 'Prod User', groups: ['wlcg', 'wlcg/production'] }),
    origin: 'wlcg:production',
  };
}, 60_000);
afterAll(() => gateway.close());
beforeEach(async () => {
  await gateway.database.pool.query(
    'delete from doma_panda.jedi_tasks; delete from doma_deft.t_task; delete from doma_deft.prodsys_comm; delete from doma_panda.jedi_datasets; delete from doma_panda.jedi_dataset_contents; delete from doma_panda.jobs; delete from doma_panda.jedi_taskparams',
  );
});

const mine = (id: number) => aTask(id).with({ username: 'Alice Example' });
const rowsOf = async (sql: string, ...values: unknown[]) =>
  (await gateway.database.pool.query(sql, values)).rows as Record<string, unknown>[];
const read = (text: string) => unpickle(Buffer.from(text, 'latin1'));
const commandOf = async (id: number) =>
  (await rowsOf('select comm_cmd, comm_comment, comm_parameters from doma_deft.prodsys_comm where comm_task = $1', id))[0];

describe('task commands', () => {
  it('API-client-07 kill answers every code of the contract', async () => {
    await insertRows(gateway.database, mine(1).running(), mine(2).inStatus('done'), aTask(3).running());
    const kill = async (id: string, sent: object = alice) =>
      read((await classic(gateway, 'killTask', { jediTaskID: id, properErrorCode: 'True' }, sent)).text);
    expect(await kill('1')).toEqual(new PyTuple(0, 'command=kill is registered. will be executed in a few minutes'));
    expect(await kill('99')).toEqual(new PyTuple(2, 'jediTaskID=99 not found'));
    expect(await kill('3')).toEqual(new PyTuple(3, 'Permission denied: not the task owner or no production role'));
    expect(await kill('2')).toEqual(
      new PyTuple(4, 'Command rejected: the kill command is not accepted if the task is in done status'),
    );
    expect(await kill('abc')).toEqual(new PyTuple(101, 'jediTaskID must be an integer'));
    expect(await kill('1', {})).toMatchObject({ items: [100, expect.any(String)] });
    expect(await commandOf(1)).toMatchObject({ comm_cmd: 'kill' });
    expect(await rowsOf('select comm_task from doma_deft.prodsys_comm')).toEqual([{ comm_task: 1 }]);
  });

  it('API-client-24 kill without properErrorCode answers a boolean', async () => {
    await insertRows(gateway.database, mine(1).running());
    expect(read((await classic(gateway, 'killTask', { jediTaskID: '1' }, alice)).text)).toEqual(
      new PyTuple(true, 'command=kill is registered. will be executed in a few minutes'),
    );
    expect((await v1Post(gateway, 'task/kill', { task_id: 1 }, alice)).json()).toEqual({
      success: true,
      message: 'command=kill is registered. will be executed in a few minutes',
      data: 0,
    });
  });

  it('API-client-13 finish is soft when asked to be, and wakes the commando', async () => {
    await insertRows(gateway.database, mine(1).running());
    await classic(gateway, 'finishTask', { jediTaskID: '1', soft: 'True' }, alice);
    expect(await commandOf(1)).toMatchObject({ comm_cmd: 'finish', comm_comment: 'soft finish' });
    expect(await rowsOf("select payload from panda_ops.outbox where type = 'task.commanded' order by ord desc limit 1")).toEqual([
      { payload: { ids: [1] } },
    ]);
  });

  it('API-client-08 API-client-13 API-client-27 finish and resume answer the same codes', async () => {
    await insertRows(
      gateway.database,
      mine(1).inStatus('paused').with({ oldstatus: 'running' }),
      mine(2).inStatus('done'),
      aTask(3).running(),
    );
    const coded = async (method: string, jediTaskID: string, sent: object) =>
      (read((await classic(gateway, method, { jediTaskID, properErrorCode: 'True' }, sent)).text) as PyTuple).items[0];
    for (const [id, code] of [
      ['1', 0],
      ['9', 2],
      ['3', 3],
      ['2', 4],
      ['x', 101],
    ] as const)
      expect(['finish', id, await coded('finishTask', id, alice)]).toEqual(['finish', id, code]);
    for (const [id, code] of [
      ['1', 0],
      ['9', 2],
      ['2', 4],
      ['x', 101],
    ] as const)
      expect(['resume', id, await coded('resumeTask', id, production)]).toEqual(['resume', id, code]);
    expect(await coded('resumeTask', '1', alice)).toBe(3);
    expect([await coded('finishTask', '1', {}), await coded('resumeTask', '1', {})]).toEqual([100, 100]);
  });

  it('a newer command replaces one that waits', async () => {
    await insertRows(gateway.database, mine(1).running());
    await v1Post(gateway, 'task/finish', { task_id: 1 }, alice);
    await v1Post(gateway, 'task/kill', { task_id: 1 }, alice);
    expect(await rowsOf('select comm_cmd from doma_deft.prodsys_comm')).toEqual([{ comm_cmd: 'kill' }]);
  });

  it('API-client-28 retry of an ended task is a command, of a running user task new attempts for failed input', async () => {
    await insertRows(
      gateway.database,
      mine(1).inStatus('finished'),
      mine(2).running(),
      aDataset(20).ofTask(2).counting(2, 2, 1, 1),
      aFile(200).in(2, 20).attempts(3, 3),
      aFile(201).in(2, 20).inStatus('finished').attempts(1, 3),
    );
    expect((await v1Post(gateway, 'task/retry', { task_id: 1 }, alice)).json()).toMatchObject({ success: true, data: 0 });
    expect(await commandOf(1)).toMatchObject({ comm_cmd: 'retry' });
    expect((await v1Post(gateway, 'task/retry', { task_id: 2 }, alice)).json()).toEqual({
      success: true,
      message: 'retry has been triggered for failed jobs while the task is still running',
      data: 0,
    });
    expect(await rowsOf('select fileid, maxattempt from doma_panda.jedi_dataset_contents order by fileid')).toEqual([
      { fileid: 200, maxattempt: 6 },
      { fileid: 201, maxattempt: 3 },
    ]);
    expect(await rowsOf('select nfilesused, nfilesfailed from doma_panda.jedi_datasets')).toEqual([
      { nfilesused: 1, nfilesfailed: 0 },
    ]);
  });

  it('API-client-09 retry answers every code of the contract, and 3 when new parameters run the task again', async () => {
    const { data: id } = (
      await v1Post(gateway, 'task/submit', { task_parameters: submission, parent_tid: null }, alice)
    ).json() as { data: number };
    await rowsOf("update doma_panda.jedi_tasks set status = 'finished' where jeditaskid = $1", id);
    const answer = (
      await v1Post(gateway, 'task/retry', { task_id: id, new_parameters: { nFilesPerJob: 3, excludedSite: null } }, alice)
    ).json();
    expect(answer).toMatchObject({ success: true, data: 3 });
    expect(await commandOf(id)).toMatchObject({ comm_cmd: 'incexec', comm_parameters: '{"nFilesPerJob":3,"excludedSite":null}' });
    await insertRows(
      gateway.database,
      mine(1001).inStatus('finished'),
      mine(1002).inStatus('broken'),
      aTask(1003).inStatus('finished'),
    );
    const coded = async (jediTaskID: string, sent: object = alice) =>
      (read((await classic(gateway, 'retryTask', { jediTaskID, properErrorCode: 'True' }, sent)).text) as PyTuple).items[0];
    expect([await coded('1001'), await coded('999'), await coded('1003'), await coded('1002'), await coded('x')]).toEqual([
      0, 2, 3, 4, 101,
    ]);
    expect(await coded('1001', {})).toBe(100);
  });

  it('retry with new parameters of an active task changes the stored map and nothing else', async () => {
    const parameters = { ...submission, nFiles: 5, excludedSite: ['X'] };
    const { data: id } = (
      await v1Post(gateway, 'task/submit', { task_parameters: parameters, parent_tid: null }, alice)
    ).json() as { data: number };
    await rowsOf("update doma_panda.jedi_tasks set status = 'running' where jeditaskid = $1", id);
    const answer = (
      await v1Post(gateway, 'task/retry', { task_id: id, new_parameters: { nFilesPerJob: 3, excludedSite: null } }, alice)
    ).json();
    expect(answer).toMatchObject({ success: true, data: 5 });
    const [row] = await rowsOf('select taskparams from doma_panda.jedi_taskparams where jeditaskid = $1', id);
    const stored = JSON.parse(String(row?.taskparams)) as Record<string, unknown>;
    expect(stored).toMatchObject({ nFiles: 5, nFilesPerJob: 3, architecture: null });
    expect(stored).not.toHaveProperty('excludedSite');
    expect(await commandOf(id)).toBeUndefined();
  });

  it('API-client-26 reactivate puts an ended task back to work on what is left', async () => {
    await insertRows(
      gateway.database,
      mine(1).inStatus('failed'),
      aDataset(10).ofTask(1).inStatus('failed').counting(1, 1, 0, 1),
      aFile(100).in(1, 10).attempts(3, 3),
    );
    expect((await v1Post(gateway, 'task/reactivate', { task_id: 1 }, production)).json()).toMatchObject({
      success: true,
      data: 0,
    });
    expect(await rowsOf('select status from doma_panda.jedi_tasks')).toEqual([{ status: 'ready' }]);
    expect(await rowsOf('select status, nfilesfailed from doma_panda.jedi_datasets')).toEqual([
      { status: 'ready', nfilesfailed: 0 },
    ]);
    expect((await v1Post(gateway, 'task/reactivate', { task_id: 1 }, alice)).json()).toMatchObject({
      success: false,
      message: 'production or pilot role required',
    });
  });

  it('changes priority, attributes and split rules with the production role only', async () => {
    await insertRows(
      gateway.database,
      mine(1).running().withSplitRule('NF=2'),
      aDeftTask(1),
      aJob(10).ofTask(1),
      aJob(11).ofTask(1).inStatus('running'),
    );
    expect(read((await classic(gateway, 'changeTaskPriority', { jediTaskID: '1', newPriority: '950' }, production)).text)).toBe(
      1,
    );
    expect(await rowsOf('select pandaid, currentpriority from doma_panda.jobs order by pandaid')).toEqual([
      { pandaid: 10, currentpriority: 950 },
      { pandaid: 11, currentpriority: 1000 },
    ]);
    expect(
      read(
        (
          await classic(
            gateway,
            'changeTaskAttributePanda',
            { jediTaskID: '1', attrName: 'ramCount', attrValue: '4000' },
            production,
          )
        ).text,
      ),
    ).toEqual(new PyTuple(1, null));
    expect(
      read(
        (
          await classic(
            gateway,
            'changeTaskAttributePanda',
            { jediTaskID: '1', attrName: 'userName', attrValue: '1' },
            production,
          )
        ).text,
      ),
    ).toEqual(new PyTuple(2, 'disallowed to update userName'));
    expect(
      read(
        (await classic(gateway, 'changeTaskSplitRulePanda', { jediTaskID: '1', attrName: 'NF', attrValue: '5' }, production))
          .text,
      ),
    ).toEqual(new PyTuple(1, null));
    expect(await rowsOf('select ramcount, splitrule, currentpriority from doma_panda.jedi_tasks')).toEqual([
      { ramcount: 4000, splitrule: 'NF=5', currentpriority: 950 },
    ]);
    const before = await countRows(gateway);
    const commands: Record<string, Record<string, string>> = {
      changeTaskPriority: { newPriority: '1' },
      pauseTask: {},
      avalancheTask: {},
    };
    for (const [method, form] of Object.entries(commands)) {
      expect((await classic(gateway, method, { jediTaskID: '1', ...form }, alice)).text).not.toContain('registered');
    }
    expect(await countRows(gateway)).toEqual(before);
  });

  it('kills what has not ended, shifts the time and moves tasks between shares', async () => {
    await insertRows(
      gateway.database,
      mine(1).running(),
      aJob(10).ofTask(1).with({ produsername: 'Alice Example' }),
      aJob(11).ofTask(1).inStatus('finished'),
    );
    expect(
      (await v1Post(gateway, 'task/reassign_global_share', { task_id_list: [1], share: 'Nowhere' }, production)).json(),
    ).toMatchObject({ success: false });
    const share = ((await rowsOf('select name from doma_panda.global_shares order by name limit 1'))[0] as { name: string }).name;
    expect((await v1Post(gateway, 'task/reassign_global_share', { task_id_list: [1], share }, production)).json()).toMatchObject({
      success: true,
      data: 1,
    });
    expect(await rowsOf('select gshare from doma_panda.jobs where pandaid = 10')).toEqual([{ gshare: share }]);
    expect(
      read((await classic(gateway, 'changeTaskModTimePanda', { jediTaskID: '1', diffValue: '-6' }, production)).text),
    ).toEqual(new PyTuple(1, null));
    expect(
      await rowsOf("select modificationtime < now() at time zone 'UTC' - interval '5 hours' as old from doma_panda.jedi_tasks"),
    ).toEqual([{ old: true }]);
    expect(read((await classic(gateway, 'killUnfinishedJobs', { jediTaskID: '1' }, alice)).text)).toEqual([true]);
    expect(await rowsOf('select jobstatus from doma_panda.jobs where pandaid = 10')).toEqual([{ jobstatus: 'cancelled' }]);
  });

  it('somebody else’s task is refused in both dialects and nothing is stored', async () => {
    await insertRows(gateway.database, mine(1).running());
    const before = await countRows(gateway);
    for (const path of ['task/kill', 'task/finish', 'task/retry', 'task/reload_input']) {
      expect((await v1Post(gateway, path, { task_id: 1 }, bob)).json()).toEqual({
        success: false,
        message: 'not the task owner or no production role',
        data: null,
      });
    }
    expect(await countRows(gateway)).toEqual(before);
  });
});

const submission = {
  taskName: 'user.alice.again/',
  uniqueTaskName: true,
  vo: 'wlcg',
  processingType: 'panda-client-2.0.2-jedi-run',
  prodSourceLabel: 'user',
  noInput: true,
  nEvents: 1,
  nEventsPerJob: 1,
  cliParams: 'prun x',
  password: 'hunter2',
  jobParameters: [{ type: 'constant', value: 'x' }],
};

describe('task queries', () => {
  beforeEach(async () => {
    await insertRows(
      gateway.database,
      mine(1)
        .running()
        .with({ reqid: 7, superstatus: 'running', modificationtime: new Date().toISOString().slice(0, 19) }),
      aTask(2).with({ modificationtime: new Date().toISOString().slice(0, 19) }),
      aDataset(10).ofTask(1).counting(4, 3, 1, 1).with({ containername: 'user.alice.in/' }),
      aDataset(11).ofTask(1).output().with({ containername: 'user.alice.out/' }),
      aFile(100).in(1, 10),
      aJob(5_000_000_001).ofTask(1),
    );
    await rowsOf(
      'insert into doma_panda.jedi_taskparams values (1, $1)',
      JSON.stringify({ ...submission, userName: 'Alice Example' }),
    );
  });

  it('API-client-18 status, API-client-16 PandaIDs and API-client-17 parameters have their classic forms', async () => {
    expect((await classic(gateway, 'getTaskStatus', { jediTaskID: '1' })).text).toBe('Vrunning\n.');
    expect((await classic(gateway, 'getPandaIDsWithTaskID', { jediTaskID: '1' })).text).toBe('(lL5000000001L\na.');
    expect(
      JSON.parse(read((await classic(gateway, 'getTaskParamsMap', { jediTaskID: '1' }, alice)).text) as string),
    ).toMatchObject({ taskName: 'user.alice.again/' });
    expect((await classic(gateway, 'getTaskParamsMap', { jediTaskID: '9' }, alice)).text).toBe('V\n.');
  });

  it('masks secrets in the parameters for everybody but the owner', async () => {
    const of = async (sent: object) =>
      ((await v1Get(gateway, 'task/get_task_parameters?task_id=1', sent)).json() as { data: Record<string, unknown> }).data
        .password;
    expect(await of(alice)).toBe('hunter2');
    expect(await of(bob)).toBe('***');
  });

  it('details give datasets, statistics and jobs', async () => {
    const details = {
      inDS: 'user.alice.in/',
      outDS: 'user.alice.out/',
      statistics: 'finished*1,failed*1,running*1,tobedone*1',
      PandaID: [5_000_000_001],
      mergeStatus: null,
      mergePandaID: [],
      status: 'running',
      cliParams: 'prun x',
    };
    expect(
      (await v1Get(gateway, 'task/get_details?task_id=1&include_parameters=True&include_status=True', alice)).json(),
    ).toEqual({ success: true, message: '', data: details });
    const classicDetails = read(
      (await classic(gateway, 'getJediTaskDetails', { jediTaskID: '1', fullFlag: 'True', withTaskInfo: 'True' }, alice)).text,
    ) as Map<string, unknown>;
    expect(classicDetails.get('statistics')).toBe(details.statistics);
  });

  it('lists in both eras show own tasks only', async () => {
    const since = '2026-01-01 00:00:00';
    const listed = read(
      (await classic(gateway, 'getJediTasksInTimeRange', { timeRange: since, fullFlag: 'True', task_type: 'user' }, alice)).text,
    ) as Map<number, Map<string, unknown>>;
    expect([...listed.keys()]).toEqual([7]);
    expect(listed.get(7)?.get('jediTaskID')).toBe(1);
    expect((await classic(gateway, 'getJediTasksInTimeRange', { timeRange: 'yesterday', fullFlag: 'True' }, alice)).text).toBe(
      '(d.',
    );
    const detailed = (query: string) => v1Get(gateway, `task/get_tasks_detailed_info_since?${query}`, alice);
    expect(((await detailed('n_tasks=10')).json() as { data: unknown[] }).data).toMatchObject([
      { jediTaskID: 1, nFiles: 4, pctFinished: 25, pctFailed: 25, superStatus: 'running' },
    ]);
    for (const [filters, n] of [
      ['{"status":"running"}', 1],
      ['{"taskName":"user.alice.*1"}', 1],
      ['{"status":"run|xx"}', 1],
      ['{"reqID":"8"}', 0],
      ['{"jediTaskID":"2"}', 0],
      ['{"userName":"alice","jediTaskID":"2"}', 1],
    ] as const) {
      expect([
        filters,
        ((await detailed(`n_tasks=10&filters=${encodeURIComponent(filters)}`)).json() as { data: unknown[] }).data.length,
      ]).toEqual([filters, n]);
    }
    expect((await detailed(`n_tasks=10&filters=${encodeURIComponent('{"nope":"x"}')}`)).json()).toEqual({
      success: false,
      message: 'Failed to retrieve task IDs',
      data: null,
    });
    expect((await detailed(`n_tasks=10&filters=${encodeURIComponent('{"taskName":"(a+)+$("}')}`)).json()).toMatchObject({
      success: false,
    });
  });

  it('files, parent and jobs of a task come as the client reads them', async () => {
    expect(
      (
        await v1Get(gateway, 'task/get_datasets_and_files?task_id=1&dataset_types=input&dataset_types=pseudo_input', alice)
      ).json(),
    ).toMatchObject({
      success: true,
      data: [{ dataset: { id: 10 }, files: [{ id: 100, scope: 'user.alice', status: 'ready' }] }],
    });
    expect((await v1Get(gateway, 'task/get_datasets_and_files?task_id=2', alice)).json()).toEqual({
      success: false,
      message: 'No data found for the task',
      data: null,
    });
    expect((await v1Get(gateway, 'task/get_parent_detailed_info?task_id=1', alice)).json()).toMatchObject({
      message: 'No parent task found',
    });
    expect((await v1Get(gateway, 'task/get_parent_detailed_info?task_id=9', alice)).json()).toMatchObject({
      message: 'Child task not found',
    });
    expect((await v1Get(gateway, 'task/get_job_descriptions?task_id=1&unsuccessful_only=False', alice)).json()).toMatchObject({
      success: true,
      data: [{ PandaID: 5_000_000_001, jobStatus: 'activated' }],
    });
  });

  it('explains from the stored verdicts why a task waits', async () => {
    const verdict = {
      broker: 'analysis',
      preassigned: [],
      candidates: 3,
      funnel: [{ code: 'memory', in: 3, out: 0 }],
      rejected: [
        { code: 'lowmemory', tag: '-lowmemory', count: 3, nearest: { queue: 'Q', facts: { needs: 3900, offers: 2000 } } },
      ],
      chosen: [],
    };
    await rowsOf(
      "insert into panda_ops.brokerage_verdict (jeditaskid, agent, kind, verdict) values (1, 'jedi-job-generator', 'brokerage', $1)",
      JSON.stringify(verdict),
    );
    expect((await v1Get(gateway, 'task/why?task_id=1', alice)).json()).toMatchObject({
      success: true,
      data: {
        subject: 'task',
        status: 'running',
        summary: '0 of 3 queues: 3 lowmemory (needs 3,900, best offers 2,000)',
        reasons: [
          { code: '-lowmemory', severity: 'blocked' },
          { code: 'running', sentence: '1 job of the task waits for a pilot' },
          { code: 'nopilot', sentence: expect.stringMatching(/^first in line .*: it waits for a pilot$/) },
        ],
        brokerage: { candidates: 3, chosen: [] },
      },
    });
    expect((await v1Get(gateway, 'job/why?job_id=5000000001', alice)).json()).toMatchObject({
      success: true,
      data: { subject: 'job', reasons: [{ code: 'nopilot' }] },
    });
    await rowsOf(`insert into doma_panda.harvester_workers (harvesterid, workerid, status, computingsite)
      select 'h', 1, 'running', computingsite from doma_panda.jobs where pandaid = 5000000001`);
    await insertRows(gateway.database, aJob(5_000_000_002).inStatus('running'));
    expect((await v1Get(gateway, 'job/why?job_id=5000000001', alice)).json()).toMatchObject({
      data: {
        summary: expect.stringMatching(/^all slots of \S+ are busy: 1 job is under way there; first in line in share/),
        reasons: [{ code: 'busy', facts: { held: 1, pilots: 1, ahead: 0 } }],
      },
    });
    expect((await v1Get(gateway, 'task/why?task_id=99', alice)).json()).toMatchObject({
      success: false,
      message: 'Task not found',
    });
  });

  it('says of a failed task which error most of its jobs ended with, how many, and where each of them is', async () => {
    const failed = (id: number, piloterrorcode: number, piloterrordiag: string) =>
      aJob(id).inStatus('failed').with({ jeditaskid: 77, piloterrorcode, piloterrordiag });
    await insertRows(
      gateway.database,
      mine(77).inStatus('failed'),
      failed(7001, 1305, 'exit code 3'),
      failed(7002, 1305, 'exit code 3'),
      failed(7003, 1305, 'exit code 4'),
      failed(7004, 1098, 'disk full'),
      aJob(7005).inStatus('finished').with({ jeditaskid: 77 }),
    );
    const sentence = '3 of 4 unsuccessful jobs ended with pilot error 1305: exit code 3';
    const unblock = expect.stringContaining('panda jobs 77 --unsuccessful');
    expect((await v1Get(gateway, 'task/why?task_id=77', alice)).json()).toMatchObject({
      data: { summary: sentence, reasons: [{ code: 'pilot:1305', sentence, unblock }] },
    });
  });

  it('says by which rule and numbers a task is throttled, however its last brokerage ended', async () => {
    await rowsOf('delete from doma_deft.prodsys_comm');
    const reason = 'nothing runs and 2001 jobs are queued, the limit is 2000';
    await rowsOf(
      "insert into panda_ops.brokerage_verdict (jeditaskid, agent, kind, verdict) values (1, 'jedi-job-generator', 'throttle', $1)",
      JSON.stringify({ kind: 'throttled', mergeOnly: true, rule: 'nothingRuns', reason }),
    );
    expect((await v1Get(gateway, 'task/why?task_id=1', alice)).json()).toMatchObject({
      data: {
        summary: `no jobs are made for now: ${reason}`,
        reasons: expect.arrayContaining([expect.objectContaining({ code: 'nothingRuns', severity: 'blocked' })]),
      },
    });
    await rowsOf("delete from panda_ops.brokerage_verdict where kind = 'throttle'");
  });

  it('a command that waits or was refused is a reason, one that was carried out is none', async () => {
    const reasons = async (word: string, comment: string | null) => {
      await rowsOf('delete from doma_deft.prodsys_comm');
      await rowsOf(
        "insert into doma_deft.prodsys_comm (comm_task, comm_owner, comm_cmd, comm_ts, comm_comment) values (1, 'DEFT', $1, 1, $2)",
        word,
        comment,
      );
      const { data } = (await v1Get(gateway, 'task/why?task_id=1', alice)).json() as {
        data: { reasons: { code: string; sentence: string }[] };
      };
      return data.reasons.filter(({ code }) => code === 'command').map(({ sentence }) => sentence);
    };
    expect(await reasons('kill', null)).toEqual(['the command kill waits for the commando']);
    expect(await reasons('pause failed', 'not now')).toEqual(['the command pause was refused: not now']);
    expect(await reasons('killing', null)).toEqual([]);
  });

  it('CLI-pbook-04 the monitor lists tasks with the numbers pbook needs, and refuses what it does not know', async () => {
    const list = async (query: string) => (await fetch(`${gateway.url}/tasks/?json=1&datasets=True&${query}`)).json();
    expect(await list('username=Alice+Example&limit=5&days=14')).toMatchObject([
      {
        jeditaskid: 1,
        reqid: 7,
        username: 'Alice Example',
        status: 'running',
        dsinfo: { pctfinished: 25, pctfailed: 25, nfiles: 4, nfilesfinished: 1, nfilesfailed: 1 },
      },
    ]);
    expect(await list('jeditaskid=1|2&username=ALICE+EXAMPLE')).toMatchObject([{ jeditaskid: 1, username: 'ALICE EXAMPLE' }]);
    expect(await list('superstatus=running|ready&taskname=user.alice.*')).toHaveLength(1);
    for (const bad of ["nosuch=' OR 1=1 --", 'limit=-1', 'limit=abc', 'jeditaskid=1;drop', 'days=1000', 'sortby=x;y']) {
      expect([bad, Object.keys((await list(bad)) as object)]).toEqual([bad, ['error']]);
    }
    expect(await (await fetch(`${gateway.url}/monitor/jobs/?json=1&jeditaskid=1`)).json()).toMatchObject({
      jobs: [{ pandaid: 5_000_000_001, jobstatus: 'activated' }],
    });
  });

  it('the monitor shows one job: attributes, files, history and why', async () => {
    await insertRows(gateway.database, aJobFile(1).ofJob(5_000_000_001).with({ lfn: 'in.root' }));
    await rowsOf(
      "insert into doma_panda.jobs_statuslog (pandaid, modificationtime, jobstatus, computingsite) values (5000000001, panda_ops.utc_now(), 'activated', 'Q')",
    );
    for (const path of ['/job/5000000001/', '/job/5000000001', '/monitor/job/5000000001/?json=1']) {
      const answer = await fetch(gateway.url + path);
      expect([path, answer.status, answer.headers.get('content-type')]).toEqual([path, 200, 'application/json; charset=utf-8']);
      const body = (await answer.json()) as { job: object };
      expect(body).toMatchObject({
        job: { pandaid: 5_000_000_001, jobstatus: 'activated' },
        files: [{ lfn: 'in.root' }],
        history: [{ status: 'activated', queue: 'Q' }],
        why: { status: 'activated', reasons: [{ code: 'nopilot' }] },
      });
      expect(body.job).not.toHaveProperty('jobparameters');
    }
    for (const path of ['/job/7/', '/job/x/', '/job/5e9/', '/task/1e0/', '/task/99/'])
      expect([path, (await fetch(gateway.url + path)).status]).toEqual([path, 404]);
  });

  it('the front page says what this is and where to go on, and every place exists', async () => {
    const answer = await fetch(gateway.url, { headers: { accept: 'application/json' } });
    const { service, links } = (await answer.json()) as { service: string; links: Record<string, string> };
    expect([answer.status, service]).toEqual([200, expect.stringContaining('PanDA')]);
    expect(Object.keys(links)).toEqual(['api_docs', 'openapi', 'tasks', 'jobs', 'health', 'ready', 'metrics']);
    const page = await fetch(gateway.url, { headers: { accept: 'text/html,*/*' } });
    const html = await page.text();
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    for (const path of Object.values(links)) {
      expect([path, (await fetch(gateway.url + path)).status]).not.toEqual([path, 404]);
      expect(html).toContain(`href="${path.replaceAll('&', '&amp;')}"`);
    }
  });
});
