import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RecordingServer } from '@panda/testing';
import { answerAll } from '../testing/gateway-answers.js';
import { runHere } from '../testing/run-here.js';
import { aliceToken, type ToolRun } from '../testing/run-tool.js';

let server: RecordingServer;
let directory: string;

beforeAll(async () => {
  server = await RecordingServer.start();
});
afterAll(() => server.close());
beforeEach(() => {
  answerAll(server);
  server.requests.length = 0;
  directory = mkdtempSync(join(tmpdir(), 'panda-pbook-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function pbook(args: readonly string[], input = ''): Promise<ToolRun> {
  const env = { PANDA_URL_SSL: `${server.url}/server/panda`, PANDA_AUTH_ID_TOKEN: aliceToken, PANDA_CONFIG_ROOT: directory };
  return runHere('pbook', args, { cwd: directory, env, input });
}

const bodies = (route: string) => server.to(route).map(({ body }) => JSON.parse(String(body)));
const filters = () =>
  server.to('GET /api/v1/task/get_tasks_detailed_info_since').map(({ query }) => JSON.parse(query.get('filters') ?? '{}'));

const HEAD = `JediTaskID     ReqID      Status   Fin%  TaskName
________________________________________________________________
  12345678       475     running    40%  user.alice.test/
`;

describe('pbook', () => {
  it('CLI-pbook-01 reads commands at a prompt until the input ends', async () => {
    const run = await pbook([], "show()\nkill(12345678)\nnonsense(\nkill('x')\n");
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('Start pBook');
    expect(run.stdout).toContain(HEAD);
    expect(run.stdout).toContain('INFO : Done, jediTaskID=12345678 will be killed within the next 30 min\n[True]\n');
    expect(run.stdout).toContain('ERROR : a value is missing, at character 10');
    expect(run.stdout).toContain('ERROR : kill(): taskIDs must be a jediTaskID, or a list of them');
    const verbose = `DEBUG : server ${server.url}/server/panda`;
    expect(run.stderr).not.toContain(verbose);
    expect((await pbook(['-v'], 'help()\n')).stderr).toContain(verbose);
  });

  it('keeps what was typed for the next session, but no secrets', async () => {
    await pbook([], "show()\nset_secret('k', 'hush')\n");
    expect(readFileSync(join(directory, '.history'), 'utf8')).toBe('show()\n');
  });

  it('CLI-pbook-02 lists the commands, and explains one', async () => {
    const all = await pbook(['-c', 'help()']);
    for (const name of ['show', 'showl', 'kill', 'retry', 'finish', 'show_workflow', 'set_secret'])
      expect(all.stdout).toContain(`    ${name}\n`);
    expect((await pbook(['help', 'finish'])).stdout).toContain('soft=True lets running jobs end by themselves');
    expect((await pbook(['-c', 'help(finish)'])).stdout).toContain('finish(taskIDs, soft)');
  });

  it.each([
    ['show()', [{}]],
    ['show(12345678)', [{ jediTaskID: '12345678' }]],
    ['show(475)', [{ reqID: '475' }]],
    ['show([12345678, 12345679])', [{ jediTaskID: '12345678' }, { jediTaskID: '12345679' }]],
    ["show('run')", ['running', 'submitting', 'registered', 'ready'].map((superStatus) => ({ superStatus }))],
    ["show('fin')", ['done', 'finished', 'failed', 'broken', 'aborted'].map((superStatus) => ({ superStatus }))],
    [
      "show(username='Bob', taskname='x', status='done|failed')",
      [
        { taskName: 'x', status: 'done', userName: 'Bob' },
        { taskName: 'x', status: 'failed', userName: 'Bob' },
      ],
    ],
    ["show(username='Alice Adams')", [{}]],
  ])('CLI-pbook-03 asks for the tasks of %s', async (statement, asked) => {
    await pbook(['-c', statement]);
    expect(
      filters()
        .map((one) => JSON.stringify(sorted(one)))
        .toSorted(),
    ).toEqual(asked.map((one) => JSON.stringify(sorted(one))).toSorted());
  });

  it('CLI-pbook-04 has the defaults of the real tool, and takes others', async () => {
    await pbook(['-c', 'show(); show(limit=5, days=None)']);
    const [first, second] = server.requests.map(({ query }) => query);
    expect(first?.get('n_tasks')).toBe('1000');
    const age = Date.now() - Date.parse(`${first?.get('since')?.replace(' ', 'T')}Z`);
    expect(Math.round(age / 86_400_000)).toBe(14);
    expect(second?.get('n_tasks')).toBe('5');
    expect(second?.has('since')).toBe(false);
  });

  it('CLI-pbook-05 shows what the server has now with sync, as always: nothing is cached', async () => {
    expect((await pbook(['-c', 'show(sync=True)'])).stdout).toBe(HEAD);
    server.onV1('GET task/get_tasks_detailed_info_since', []);
    const run = await pbook(['-c', 'show(sync=True)']);
    expect(run).toMatchObject({ code: 0, stdout: expect.not.stringContaining('12345678') });
    expect(filters()).toHaveLength(2);
  });

  it('CLI-pbook-06 CLI-pbook-07 shows tasks in four formats', async () => {
    const [standard, long, json, plain] = await Promise.all([
      pbook(['show']),
      pbook(['-c', 'showl()']),
      pbook(['show', 'format=json']),
      pbook(['-c', "show(format='plain')"]),
    ]);
    expect(standard.stdout).toBe(HEAD);
    expect(long.stdout).toContain(
      '  12345678     running  2026-11-22 07:00:00   2026-11-22 08:00:00   (       4|       1|      10)',
    );
    expect(JSON.parse(json.stdout)).toMatchObject([{ jediTaskID: 12345678 }]);
    expect(plain.stdout).toContain('taskname           : \tuser.alice.test/');
    expect((await pbook(['show', 'format=xml'])).code).toBe(1);
  });

  it('CLI-pbook-08 kills one, several, those of a request, or all active tasks', async () => {
    for (const what of ['12345678', '[12345678, 12345679]', '475', "'all'"])
      expect((await pbook(['-c', `kill(${what})`])).code).toBe(0);
    expect(bodies('POST /api/v1/task/kill').map(({ task_id }) => task_id)).toEqual([
      12345678, 12345678, 12345679, 12345678, 12345678,
    ]);
  });

  it('CLI-pbook-08 tells of a task that is not yours, and fails', async () => {
    server.onV1('GET task/get_tasks_detailed_info_since', []);
    const run = await pbook(['-c', 'kill(475)']);
    expect(run).toMatchObject({ code: 1, stdout: 'Permission denied: reqID=475 is not owned by Alice Adams\n' });
  });

  it('CLI-pbook-09 finishes hard, or soft', async () => {
    await pbook(['-c', 'finish(12345678); finish(12345679, soft=True)']);
    expect(bodies('POST /api/v1/task/finish')).toEqual([{ task_id: 12345678 }, { task_id: 12345679, soft: true }]);
  });

  it('CLI-pbook-10 retries with other parameters, None removes one', async () => {
    await pbook(['-c', "retry(12345678, newOpts={'nFilesPerJob': 10, 'excludedSite': None, 'memory': 2000})"]);
    await pbook(['retry', '12345678', 'excludedSite=A,B']);
    await pbook(['-c', 'retry(12345678)']);
    expect(bodies('POST /api/v1/task/retry')).toEqual([
      { task_id: 12345678, new_parameters: { nFilesPerJob: 10, excludedSite: null, ramCount: 2000 } },
      { task_id: 12345678, new_parameters: { excludedSite: ['A', 'B'] } },
      { task_id: 12345678 },
    ]);
    const unknown = await pbook(['-c', "retry(12345678, newOpts={'taskName': 'x'})"]);
    expect(unknown).toMatchObject({ code: 1, stdout: expect.stringContaining('Unknown option name "taskName"') });
  });

  it('CLI-pbook-11 takes the first number for the kind of all', async () => {
    await pbook(['-c', 'show([475, 12345678])']);
    expect(filters()).toEqual(expect.arrayContaining([{ reqID: '475' }, { reqID: '12345678' }]));
  });

  it.each([
    ['show_workflow', 'get_status', "[[0, 'ok']]"],
    ['finish_workflow', 'finish', 'ok'],
    ['kill_workflow', 'abort', 'ok'],
    ['retry_workflow', 'retry', 'ok'],
    ['pause_workflow', 'suspend', 'ok'],
    ['resume_workflow', 'resume', 'ok'],
  ])('%s sends %s', async (name, command, answer) => {
    expect(await pbook(['-c', `${name}(7)`])).toMatchObject({ code: 0, stdout: `INFO : executing ${command}\n${answer}\n` });
    const form = new URLSearchParams(String(server.requests[0]?.body));
    expect([form.get('command_name'), form.get('kwargs')]).toEqual([command, '{"request_id":7}']);
  });

  it('CLI-pbook-18 writes the metadata of a task’s jobs to a file', async () => {
    await pbook(['-c', "getUserJobMetadata(12345678, 'meta.json')"]);
    expect(JSON.parse(readFileSync(join(directory, 'meta.json'), 'utf8'))).toEqual({ 5000000001: { answer: 42 } });
  });

  it('CLI-secrets-02 CLI-secrets-03 CLI-secrets-04 CLI-secrets-05 sets, lists and deletes secrets', async () => {
    expect((await pbook(['-c', "set_secret('TOKEN', 'abc')"])).stdout).toBe('INFO : OK\n');
    expect((await pbook(['-c', 'list_secrets()'])).stdout).toBe('KEY    VALUE\nTOKEN  abc\n');
    await pbook(['-c', "delete_secret('TOKEN'); delete_all_secrets()"]);
    expect(bodies('POST /api/v1/creds/set_user_secrets')).toEqual([
      { key: 'TOKEN', value: 'abc' },
      { key: 'TOKEN', value: null },
      { key: null, value: null },
    ]);
    expect((await pbook(['-c', "set_secret('TOKEN', 5)"])).stdout).toContain('value must be a text in quotes');
  });

  it('ends with 1 when a command fails, and says why', async () => {
    server.on('POST /api/v1/task/kill', {
      body: { success: false, message: 'not the task owner or no production role', data: 3 },
    });
    const run = await pbook(['kill', '12345678']);
    expect(run.code).toBe(1);
    expect(run.stdout).toContain('ERROR : not the task owner or no production role (PANDA-CLIENT-006)');
    expect((await pbook(['nonsense'])).code).toBe(1);
    expect((await pbook(['-c', 'show(colour=1)'])).stdout).toContain("show() knows no 'colour'");
  });

  it('never evaluates what it is given', async () => {
    const run = await pbook(['-c', '__import__("os").system("touch evil")']);
    expect(run.code).toBe(2);
    expect(() => readFileSync(join(directory, 'evil'))).toThrow('ENOENT');
  });
});

function sorted(one: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
