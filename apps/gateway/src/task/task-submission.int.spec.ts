import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { classic, countRows, v1Get, v1Post } from '../testing/calls.js';
import { startGateway, type TestGateway } from '../testing/gateway.js';

let gateway: TestGateway;
let token: string;

beforeAll(async () => {
  gateway = await startGateway();
  token = await gateway.issuer.token();
}, 60_000);
afterAll(() => gateway.close());

const parameters = (taskName: string, changes: Record<string, unknown> = {}) => ({
  taskName,
  uniqueTaskName: true,
  vo: 'wlcg',
  architecture: null,
  transUses: '',
  transHome: null,
  processingType: 'panda-client-1.4.93-jedi-run',
  prodSourceLabel: 'user',
  noInput: true,
  nEvents: 3,
  nEventsPerJob: 1,
  log: {
    dataset: `${taskName}.log/`,
    container: `${taskName}.log/`,
    type: 'template',
    param_type: 'log',
    value: `${taskName}.log.$JEDITASKID.\${SN}.log.tgz`,
  },
  jobParameters: [{ type: 'constant', value: '-p "x"' }],
  ...changes,
});

const log = {
  dataset: 'user.alice.l.log/',
  type: 'template',
  param_type: 'log',
  value: 'user.alice.l.$JEDITASKID.${SN}.log.tgz',
};
const output = (changes: object) => ({
  jobParameters: [
    { type: 'template', param_type: 'output', value: 'user.alice.$JEDITASKID.${SN}.x', dataset: 'user.alice.x/', ...changes },
  ],
});

const rowsOf = async (sql: string, ...values: unknown[]) =>
  (await gateway.database.pool.query(sql, values)).rows as Record<string, unknown>[];

describe('task submission', () => {
  it('API-client-22 stores task, parameters, history and nudge, and answers with the id in the classic form', async () => {
    const answer = await classic(
      gateway,
      'insertTaskParams',
      { taskParams: JSON.stringify(parameters('user.alice.one/')), properErrorCode: 'True' },
      { token },
    );
    const id = Number(/jediTaskID=(\d+)/.exec(answer.text)?.[1]);
    expect(answer.text).toBe(`(I0\nVsucceeded. new jediTaskID=${id}\nt.`);
    const [task] = await rowsOf('select * from doma_panda.jedi_tasks where jeditaskid = $1', id);
    expect(task).toMatchObject({
      status: 'registered',
      username: 'Alice Example',
      tasktype: 'anal',
      taskpriority: 1000,
      vo: 'wlcg',
    });
    expect(await rowsOf('select status from doma_deft.t_task where taskid = $1', id)).toEqual([{ status: 'registered' }]);
    expect(await rowsOf('select status from doma_panda.tasks_statuslog where jeditaskid = $1', id)).toEqual([
      { status: 'registered' },
    ]);
    expect(await rowsOf("select payload from panda_ops.outbox where type = 'task.submitted'")).toContainEqual({
      payload: { ids: [id] },
    });
    expect(await rowsOf('select user_name, outcome from panda_ops.audit where object = $1', `task:${id}`)).toEqual([
      { user_name: 'Alice Example', outcome: 'accepted' },
    ]);
  });

  it('API-client-02 answers an envelope with the id in the v1 form', async () => {
    const answer = await v1Post(
      gateway,
      'task/submit',
      { task_parameters: parameters('user.alice.two/'), parent_tid: null },
      { token },
    );
    const { data } = answer.json() as { data: number };
    expect(answer.json()).toEqual({ success: true, message: `succeeded. new jediTaskID=${data}`, data });
    expect((await v1Get(gateway, `task/get_status?task_id=${data}`, { token })).json()).toMatchObject({
      success: true,
      data: 'registered',
    });
  });

  it('remembers where mail about the tasks of a user goes, and keeps what the user has said', async () => {
    const carol = (email: string, verified = true) =>
      gateway.issuer.token({ sub: 'carol', name: 'Carol Mail', preferred_username: 'carol', email, email_verified: verified });
    const address = async (name: string, sent: string) => {
      await v1Post(
        gateway,
        'task/submit',
        { task_parameters: parameters(`user.carol.${name}/`), parent_tid: null },
        { token: sent },
      );
      return (await rowsOf("select email from doma_pandameta.users where name = 'Carol Mail'")).map(({ email }) => email);
    };
    expect(await address('unverified', await carol('x@example.org', false))).toEqual([]);
    expect(await address('first', await carol('carol@example.org'))).toEqual(['carol@example.org']);
    await rowsOf("update doma_pandameta.users set email = 'notsend' where name = 'Carol Mail'");
    expect(await address('second', await carol('carol@example.org'))).toEqual(['notsend']);
  });

  it('I12 makes one task of the same submission sent twenty times at once', async () => {
    const body = { task_parameters: parameters('user.alice.same/'), parent_tid: null };
    const answers = await Promise.all(Array.from({ length: 20 }, () => v1Post(gateway, 'task/submit', body, { token })));
    const codes = answers.map((answer) => (answer.json() as { success: boolean }).success);
    expect(codes.filter(Boolean)).toHaveLength(1);
    expect(await rowsOf("select count(*)::int as n from doma_panda.jedi_tasks where taskname = 'user.alice.same/'")).toEqual([
      { n: 1 },
    ]);
  });

  it('gives the first answer to a repeat with the same Idempotency-Key, and refuses the key for another request', async () => {
    const send = (name: string) =>
      v1Post(
        gateway,
        'task/submit',
        { task_parameters: parameters(name, { uniqueTaskName: false }), parent_tid: null },
        { token, headers: { 'idempotency-key': 'k-1' } },
      );
    const first = (await send('user.alice.once/')).json();
    expect(first).toMatchObject({ success: true });
    expect((await send('user.alice.once/')).json()).toEqual(first);
    expect(await rowsOf("select count(*)::int as n from doma_panda.jedi_tasks where taskname = 'user.alice.once/'")).toEqual([
      { n: 1 },
    ]);
    expect((await send('user.alice.other/')).json()).toMatchObject({ success: false });
  });

  it('API-client-03 tells queued, active and ended tasks of the same name apart', async () => {
    const submit = () =>
      v1Post(gateway, 'task/submit', { task_parameters: parameters('user.alice.codes/'), parent_tid: null }, { token });
    const first = (await submit()).json() as { data: number };
    expect((await submit()).json()).toMatchObject({ success: false, data: 1 });
    await rowsOf("update doma_panda.jedi_tasks set status = 'running' where jeditaskid = $1", first.data);
    expect((await submit()).json()).toMatchObject({ success: false, data: 2 });
    await rowsOf("update doma_panda.jedi_tasks set status = 'finished' where jeditaskid = $1", first.data);
    const again = (await submit()).json() as { success: boolean; data: number; message: string };
    expect(again).toMatchObject({ success: true, data: first.data });
    expect(again.message).toContain('reactivation accepted');
    expect(await rowsOf('select comm_cmd from doma_deft.prodsys_comm where comm_task = $1', first.data)).toEqual([
      { comm_cmd: 'incexec' },
    ]);
  });

  it.each([
    ['I10 a missing task name', { taskName: undefined }, 'taskName'],
    [
      'I10 a dataset name with a blank',
      { jobParameters: [{ type: 'template', param_type: 'input', value: 'x', dataset: 'a b' }] },
      'dataset',
    ],
    ['I10 job parameters that are no list', { jobParameters: 'x' }, 'jobParameters'],
    ['I09 a negative number of events', { nEvents: -1 }, 'nEvents'],
    ['I09 memory beyond reason', { ramCount: 1e12 }, 'ramCount'],
    ['I08 a priority that is a word', { taskPriority: 'abc' }, 'taskPriority must be a number'],
    ['I08 a priority below zero', { taskPriority: -1 }, 'taskPriority must be between'],
    ['I08 a priority beyond reason', { taskPriority: 1e99 }, 'taskPriority must be between'],
    ['I08 a priority in an object', { taskPriority: { value: 1 } }, 'taskPriority must be a number'],
    ['I08 a priority that is nothing', { taskPriority: '' }, 'taskPriority must be a number'],
    ['I08 files per job in a word', { nFilesPerJob: '12abc' }, 'nFilesPerJob must be a number'],
    ['I08 events of nothing', { nEvents: '' }, 'nEvents must be a number'],
    ['I08 memory in a list', { ramCount: [2000] }, 'ramCount must be a number'],
    ['I08 memory as a truth', { ramCount: true }, 'ramCount must be a number'],
    ['I08 full-width digits', { nFiles: '１２' }, 'nFiles must be a number'],
    ['I08 more jobs than anybody has', { maxNumJobs: 1e99 }, 'maxNumJobs must be between'],
    ['I08 a request that is a fraction', { reqID: 1.5 }, 'reqID must be a whole number'],
    ['I07 an emoji in the task name', { taskName: 'user.alice.\u{1f600}/' }, 'taskName'],
    ['an output file name of another user', output({ value: 'user.root.$JEDITASKID.${SN}.x' }), 'output.value user.root'],
    ['an output file name in an option', output({ value: "--out='user.root.${SN}'" }), 'output.value user.root'],
    ['an output dataset of another user', output({ dataset: 'user.root.secret' }), 'output.dataset user.root.secret'],
    ['an output dataset in another scope', output({ dataset: 'user.root:user.alice.x' }), 'output.dataset'],
    ['an output dataset of nobody', output({ dataset: 'mc23.x' }), 'output.dataset mc23.x'],
    ['an output container of another user', output({ container: 'user.root.x/' }), 'output.dataset user.root.x/'],
    ['a group’s output without its role', output({ dataset: 'group.higgs.x' }), 'your own begin with user.alice.'],
    ['a log dataset of another user', { log: { ...log, dataset: 'user.root.log/' } }, 'log.dataset user.root.log/'],
    ['a merged log of another user', { log_merge: { ...log, dataset: 'user.root.log/' } }, 'log.dataset user.root.log/'],
    ['a log file name of another user', { log: { ...log, value: 'user.root.log.tgz' } }, 'log.value user.root.log.tgz'],
    ['a task name of another user', { taskName: 'user.root.x/' }, 'taskName only the production role'],
    ['an unknown VO', { vo: 'nosuchvo' }, 'vo "nosuchvo" is unknown: this server works for wlcg'],
    ['a VO that is a number', { vo: 5 }, 'vo must be text'],
    [
      'an unknown label',
      { prodSourceLabel: 'nosuch' },
      'prodSourceLabel "nosuch" is unknown: tasks of wlcg have managed, test, user',
    ],
    ['negative CPU time', { cpuTime: -1 }, 'cpuTime must be between'],
    ['part of an event', { nEvents: 2.5 }, 'nEvents must be a whole number'],
    ['a time that is none', { ttcrTimestamp: 'never' }, 'ttcrTimestamp must be a time'],
    ['a share that is a word', { esFraction: 'x' }, 'esFraction must be a number'],
    ['logs that are none', { log: [] }, 'log is an empty list'],
    ['a task name that climbs', { taskName: 'user.alice.x/../y' }, "taskName must not have '..'"],
    ['a task name that is a number', { taskName: 5 }, 'taskName must be text'],
    ['a file name that climbs', output({ value: 'user.alice/../../x' }), "jobParameters[0].value must not have '..'"],
    ['API-client-22 a managed label without the production role', { prodSourceLabel: 'managed' }, 'managed'],
  ])('%s is refused with the reason and nothing is stored', async (_, changes, word) => {
    const before = await countRows(gateway);
    const body = JSON.parse(
      JSON.stringify({ task_parameters: parameters('user.alice.bad/', changes), parent_tid: null }),
    ) as unknown;
    const answer = (await v1Post(gateway, 'task/submit', body, { token })).json() as { success: boolean; message: string };
    expect(answer.success).toBe(false);
    expect(answer.message).toContain(word);
    expect(await countRows(gateway)).toEqual(before);
  });

  it('I08 takes numbers in text and null for a default, as scripts send them', async () => {
    const changes = { nEvents: '3', nEventsPerJob: ' 1 ', ramCount: '2e3', currentPriority: '950', maxAttempt: null };
    const body = { task_parameters: parameters('user.alice.texts/', changes), parent_tid: null };
    const { data } = (await v1Post(gateway, 'task/submit', body, { token })).json() as { data: number };
    expect(await rowsOf('select currentpriority from doma_panda.jedi_tasks where jeditaskid = $1', data)).toEqual([
      { currentpriority: 950 },
    ]);
  });

  it('I08 a retry with a number that is none is refused, and the stored map stays', async () => {
    const { data: taskId } = (
      await v1Post(gateway, 'task/submit', { task_parameters: parameters('user.alice.again/'), parent_tid: null }, { token })
    ).json() as { data: number };
    await rowsOf("update doma_panda.jedi_tasks set status = 'finished' where jeditaskid = $1", taskId);
    const before = await countRows(gateway);
    const retry = (new_parameters: object) => v1Post(gateway, 'task/retry', { task_id: taskId, new_parameters }, { token });
    expect((await retry({ nEvents: 'many' })).json()).toMatchObject({ message: 'nEvents must be a number' });
    const newParams = JSON.stringify({ nEvents: 'many' });
    const form = { jediTaskID: String(taskId), newParams, properErrorCode: 'True' };
    expect((await classic(gateway, 'retryTask', form, { token })).text).toBe('(I101\nVnEvents must be a number\nt.');
    expect(await countRows(gateway)).toEqual(before);
    expect((await retry({ nEvents: null })).json()).toMatchObject({ success: true, data: 3 });
  });

  it('takes a VO from when its work queue is there', async () => {
    const submit = async () =>
      (
        await v1Post(
          gateway,
          'task/submit',
          { task_parameters: parameters('user.alice.vo/', { vo: 'newvo' }), parent_tid: null },
          { token },
        )
      ).json();
    expect(await submit()).toMatchObject({ success: false, message: expect.stringMatching(/^vo "newvo" is unknown/) });
    await rowsOf(
      `insert into doma_panda.jedi_work_queue (queue_id, queue_name, queue_type, vo, queue_function) values (99, 'n', 'user', 'newvo', 'WQ')`,
    );
    expect(await submit()).toMatchObject({ success: true });
  });

  it('a retry takes neither names of somebody else nor a higher priority', async () => {
    const { data: taskId } = (
      await v1Post(gateway, 'task/submit', { task_parameters: parameters('user.alice.keep/'), parent_tid: null }, { token })
    ).json() as { data: number };
    await rowsOf("update doma_panda.jedi_tasks set status = 'finished' where jeditaskid = $1", taskId);
    const before = await countRows(gateway);
    const retry = async (new_parameters: object) =>
      (await v1Post(gateway, 'task/retry', { task_id: taskId, new_parameters }, { token })).json();
    expect(await retry(output({ dataset: 'user.root.secret' }))).toMatchObject({ success: false });
    expect(await retry({ log: { ...log, value: 'user.root.x' } })).toMatchObject({ success: false });
    expect(await retry({ taskName: 'user.root.x/' })).toMatchObject({ success: false });
    expect(await retry({ prodSourceLabel: 'managed' })).toMatchObject({ success: false });
    expect(await countRows(gateway)).toEqual(before);
    const greedy = { ...output({}), currentPriority: 1_000_000, taskPriority: 9_999, userName: 'Bob', workingGroup: 'higgs' };
    expect(await retry(greedy)).toMatchObject({ success: true, data: 3 });
    const [row] = await rowsOf('select comm_parameters from doma_deft.prodsys_comm where comm_task = $1', taskId);
    expect(JSON.parse(String(row?.comm_parameters))).toEqual({ ...output({}), currentPriority: 1_000 });
  });

  it('production takes names in any scope, and the maps of real clients are taken', async () => {
    const production = {
      token: await gateway.issuer.token({ sub: 'prod', name: 'Prod User', groups: ['wlcg', 'wlcg/production'] }),
      origin: 'wlcg:production',
    };
    const changes = { ...output({ value: 'mc23.${SN}.x', dataset: 'mc23.x/' }), currentPriority: 5_000 };
    const submit = async (sent: object, task_parameters: object) =>
      (await v1Post(gateway, 'task/submit', { task_parameters, parent_tid: null }, sent)).json() as { data: number };
    const { data } = await submit(production, parameters('group.higgs.x/', changes));
    expect(await rowsOf('select currentpriority as p from doma_panda.jedi_tasks where jeditaskid = $1', data)).toEqual([
      { p: 5_000 },
    ]);
    const { cases } = JSON.parse(await readFile('apps/cli/src/prun/fixtures/recorded-maps.json', 'utf8')) as {
      cases: { map?: Record<string, unknown> }[];
    };
    for (const { map } of cases) {
      if (map === undefined) continue;
      const name = `user.alice.recorded${String(map.taskName).slice(11)}`;
      expect([map.taskName, await submit({ token }, { ...map, taskName: name, vo: 'wlcg', prodSourceLabel: 'user' })]).toEqual([
        map.taskName,
        expect.objectContaining({ success: true }),
      ]);
    }
  });

  it.each([
    ['I11 no JSON', 'not json'],
    ['I01 null', 'null'],
    ['I01 a list', '[]'],
  ])('%s as taskParams is refused in the classic form', async (_, text) => {
    const before = await countRows(gateway);
    const answer = await classic(gateway, 'insertTaskParams', { taskParams: text, properErrorCode: 'True' }, { token });
    expect(answer.status).toBe(200);
    expect(answer.text).toMatch(/^\(I4\n/);
    expect(await countRows(gateway)).toEqual(before);
  });

  it('sets owner, type and priority itself for callers without the production role', async () => {
    const changes = {
      userName: 'Bob',
      taskType: 'prod',
      taskPriority: 9999,
      currentPriority: '1000000',
      workingGroup: 'higgs',
    };
    const { data } = (
      await v1Post(
        gateway,
        'task/submit',
        { task_parameters: parameters('user.alice.assign/', changes), parent_tid: null },
        { token },
      )
    ).json() as { data: number };
    const [task] = await rowsOf(
      'select username, tasktype, taskpriority, currentpriority, workinggroup from doma_panda.jedi_tasks where jeditaskid = $1',
      data,
    );
    expect(task).toEqual({
      username: 'Alice Example',
      tasktype: 'anal',
      taskpriority: 1000,
      currentpriority: 1000,
      workinggroup: null,
    });
  });

  it('I10 names the parent that does not exist', async () => {
    const submit = async (parent_tid: number | null, changes: object) =>
      (
        await v1Post(
          gateway,
          'task/submit',
          { task_parameters: parameters('user.alice.child/', { ...changes }), parent_tid },
          { token },
        )
      ).json();
    const before = await countRows(gateway);
    expect(await submit(99_999_999, {})).toEqual({
      success: false,
      message: 'failed to find parent with jediTaskID=99999999',
      data: 11,
    });
    expect(await submit(null, { parentTaskName: 'nope' })).toMatchObject({
      message: 'failed to find parent with user="Alice Example" name=nope',
    });
    expect(await countRows(gateway)).toEqual(before);
  });

  it('needs an identity', async () => {
    const body = { taskParams: '{}', properErrorCode: 'True' };
    expect((await classic(gateway, 'insertTaskParams', body)).text).toBe('(I4\nVsecure connection is required\nt.');
    expect((await v1Post(gateway, 'task/submit', { task_parameters: {}, parent_tid: null })).json()).toEqual({
      success: false,
      message: 'SSL secure connection is required',
      data: null,
    });
  });
});
