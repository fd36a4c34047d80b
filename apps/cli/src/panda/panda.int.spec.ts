import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RecordingServer } from '@panda/testing';
import { answerAll } from '../testing/gateway-answers.js';
import { runHere } from '../testing/run-here.js';
import { aliceToken, runTool, type ToolRun, tokenOf } from '../testing/run-tool.js';

let server: RecordingServer;
let directory: string;

beforeAll(async () => {
  server = await RecordingServer.start();
  directory = mkdtempSync(join(tmpdir(), 'panda-cli-'));
});
afterAll(async () => {
  await server.close();
  rmSync(directory, { recursive: true });
});
beforeEach(() => {
  answerAll(server);
  server.requests.length = 0;
});

const environment = () => ({
  PANDA_URL_SSL: `${server.url}/server/panda`,
  PANDA_AUTH_ID_TOKEN: aliceToken,
  PANDA_CONFIG_ROOT: directory,
});

function panda(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<ToolRun> {
  return runHere('panda', args, { cwd: directory, env: { ...environment(), ...env } });
}

/** The real binary in a process of its own. */
function binary(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<ToolRun> {
  return runTool('panda', args, { cwd: directory, env: { ...environment(), ...env } });
}

const sent = (route: string) => JSON.parse(String(server.to(route)[0]?.body));

describe('panda', () => {
  it('lists tasks as a table without colours where no terminal is', async () => {
    const { code, stdout } = await binary(['tasks', '--status', 'running', '--days', '3']);
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        'ID        STATUS   DONE  FILES            CHANGED              NAME',
        '12345678  running   40%  4/10 (1 failed)  2026-11-22 08:00:00  user.alice.test/',
        '',
      ]
        .join('\n')
        .replace('ID        STATUS', '      ID  STATUS')
        .replace('FILES            CHANGED', '          FILES  CHANGED'),
    );
    expect(server.requests[0]?.query.get('filters')).toBe('{"status":"running"}');
  });

  it('prints one JSON document with --json, wherever it stands', async () => {
    for (const args of [
      ['--json', 'tasks'],
      ['tasks', '--json'],
    ]) {
      const { stdout, stderr } = await panda(args);
      expect(JSON.parse(stdout)).toMatchObject([{ jediTaskID: 12345678, creationDate: '2026-11-22T07:00:00.000Z' }]);
      expect(stderr).toBe('');
    }
  });

  it('says who you are and what your token allows', async () => {
    const { stdout } = await panda(['whoami', '--vo', 'wlcg']);
    expect(stdout).toBe(
      `name             Alice Adams
nickname         alice
groups           wlcg, higgs/production
production role  higgs
token ends       2100-01-01 00:00:00
community        wlcg
server           ${server.url}
`,
    );
  });

  it('reads name, groups and nickname from the token, the nickname by the user’s rule', async () => {
    const { stdout } = await panda(['whoami', '--json'], { PANDA_NICKNAME_REPLACE: '/^al(.*)$/x/' });
    expect(JSON.parse(stdout)).toMatchObject({ name: 'Alice Adams', nickname: 'x', groups: ['wlcg', 'higgs/production'] });
  });

  it('says that the server is alive', async () => {
    expect((await panda(['health'])).stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+ is alive \(\d+ ms\)\n$/);
  });

  it('CLIENT-05 signs in at the community’s provider and keeps the token for all tools', async () => {
    const env = { ...environment(), PANDA_AUTH_ID_TOKEN: '', PANDA_AUTH: 'oidc', PANDA_AUTH_VO: 'wlcg' };
    const before = await panda(['tasks'], env);
    expect(before).toMatchObject({ code: 3, stderr: expect.stringContaining('you are not signed in (PANDA-CLIENT-005)') });
    const login = await panda(['login'], env);
    expect(login).toMatchObject({ code: 0, stdout: 'Signed in as Alice Adams.\n', stderr: expect.stringContaining('ABCD-EFGH') });
    expect(login.stderr).toMatch(/^waiting for you to confirm in the browser, until [0-2]\d:[0-5]\d …$/m);
    expect(statSync(join(directory, '.token')).mode & 0o777).toBe(0o600);
    await panda(['health'], env);
    expect(server.requests.at(-1)?.headers).toMatchObject({ origin: 'wlcg', authorization: expect.stringMatching(/^Bearer /) });
    await panda(['logout'], env);
    expect((await panda(['whoami'], env)).code).toBe(3);
  }, 20_000);

  it('says that a sign-in has expired, also where none is required', async () => {
    writeFileSync(join(directory, '.token'), JSON.stringify({ id_token: tokenOf({ exp: 1 }) }));
    const run = await panda(['tasks'], { PANDA_AUTH_ID_TOKEN: '' });
    rmSync(join(directory, '.token'));
    expect(run).toMatchObject({ code: 3, stderr: expect.stringContaining('your sign-in has expired (PANDA-CLIENT-005)') });
    expect(server.requests).toHaveLength(0);
  });

  it('CLIENT-10 takes the nickname from the environment with x509_no_grid and sends no token', async () => {
    const env = { PANDA_AUTH_ID_TOKEN: '', PANDA_AUTH: 'x509_no_grid', PANDA_NICKNAME: 'bob' };
    expect(JSON.parse((await panda(['whoami', '--json'], env)).stdout)).toMatchObject({ nickname: 'bob' });
    const nameless = await panda(['whoami'], { PANDA_AUTH_ID_TOKEN: '', PANDA_AUTH: 'x509_no_grid' });
    expect(nameless).toMatchObject({ code: 2, stderr: expect.stringContaining('needs PANDA_NICKNAME') });
    await panda(['health'], env);
    expect(server.requests.at(-1)?.headers.authorization).toBeUndefined();
  });

  it('explains why a task waits, with the numbers and what would help', async () => {
    const { stdout } = await panda(['why', '12345678']);
    expect(stdout).toBe(
      `task 12345678 is pending: 0 of 143 queues: 61 zeroshare, 40 lowmemory

criteria=-lowmemory  needs 3900 MB/core, best offers 3600
  → ask for 3600 MB/core

scouts  scouts have not run

last brokerage 2026-11-22T08:00:00Z: 0 of 143 queues chosen
RULE       QUEUES  NEAREST MISS
lowmemory      40  SITE_A: offers 3600 MB/core
`,
    );
  });

  it('shows with a task that failed what its jobs ended with, and where to look', async () => {
    const sentence = '3 of 4 unsuccessful jobs ended with pilot error 1305: exit code 3';
    const reasons = [{ code: 'pilot:1305', severity: 'note', sentence, facts: {} }];
    server.onV1('GET task/get_detailed_info', { jediTaskID: 7, status: 'failed', errorDialog: 'none of 2 parts finished' });
    server.onV1('GET task/why', { subject: 'task', id: 7, status: 'failed', summary: sentence, reasons, brokerage: null });
    const { stdout } = await panda(['task', '7']);
    expect(stdout).toMatch(/^message +none of 2 parts finished$/m);
    expect(stdout).toMatch(/^why +3 of 4 unsuccessful jobs ended with pilot error 1305: exit code 3$/m);
    expect(stdout).toContain('panda jobs 7');
    server.on('GET /api/v1/task/why', { body: { success: false, message: 'unknown', data: null } });
    expect((await panda(['task', '7'])).stdout).toMatch(/^status +failed$/m);
  });

  it('rounds weights for people, not in --json, and says a sentence once', async () => {
    const sentence = 'pilot error 1305: Failed to execute payload:exit code 3';
    server.onV1('GET job/why', {
      subject: 'job',
      id: 7,
      status: 'failed',
      summary: sentence,
      reasons: [{ code: 'pilot:1305', severity: 'note', sentence, facts: {} }],
      brokerage: {
        at: '2026-11-22T08:00:00Z',
        candidates: 2,
        funnel: [],
        rejected: [],
        chosen: [
          { queue: 'A', weight: 3 / 7 },
          { queue: 'B', weight: 12345 },
        ],
      },
    });
    const { stdout } = await panda(['why', 'job', '7']);
    expect(stdout).toContain(`job 7 is failed\n\npilot:1305  ${sentence}\n`);
    expect(stdout.split(sentence)).toHaveLength(2);
    expect(stdout).toMatch(/^A +0\.429$/m);
    expect(stdout).toMatch(/^B +12300$/m);
    expect((await panda(['why', 'job', '7', '--json'])).stdout).toContain(String(3 / 7));
  });

  it('explains a job when no task has the number', async () => {
    server.on('GET /api/v1/task/why', { body: { success: false, message: 'Task not found', data: null } });
    expect((await panda(['why', '5000000001'])).stdout).toMatch(/^job 5000000001 is pending/);
    server.on('GET /api/v1/job/why', { body: { success: false, message: 'Job not found', data: null } });
    const neither = await panda(['why', '7']);
    expect([neither.code, neither.stderr]).toEqual([5, expect.stringMatching(/^error: there is no task or job 7 /)]);
    expect((await panda(['why', 'job', '7'])).stderr).toMatch(/^error: Job not found /);
  });

  it('a task without jobs is told from one that does not exist', async () => {
    server.onV1('GET task/get_job_descriptions', []).onV1('GET task/get_status', 'running');
    expect(await panda(['jobs', '7'])).toMatchObject({ code: 0, stderr: 'no jobs\n' });
    server.on('GET /api/v1/task/get_status', { body: { success: false, message: 'Task not found', data: null } });
    expect(await panda(['jobs', '7'])).toMatchObject({ code: 5, stderr: expect.stringMatching(/^error: Task not found /) });
  });

  it('shows a job with its errors and files', async () => {
    const { stdout } = await panda(['job', '5000000001']);
    expect(stdout).toContain('error    pilot 1305: Failed to execute payload');
    expect(stdout).toContain('output  failed     0  out.root');
  });

  it('gives an order to several tasks and says how each went', async () => {
    server.on('POST /api/v1/task/kill', ({ body }) => {
      const known = JSON.parse(String(body)).task_id === 12345678;
      return {
        body: known
          ? { success: true, message: 'registered', data: 0 }
          : { success: false, message: 'jediTaskID=7 not found', data: 2 },
      };
    });
    const several = await panda(['kill', '12345678', '7']);
    expect(several).toEqual({ code: 1, stdout: 'task 12345678: registered\n', stderr: 'task 7: jediTaskID=7 not found\n' });
    expect((await panda(['kill', '7'])).code).toBe(5);
    const json = await panda(['kill', '7,12345678', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject([
      { jediTaskID: 7, accepted: false },
      { jediTaskID: 12345678, accepted: true },
    ]);
  });

  it('says that a task does not exist, where the server says only that it is not the caller’s', async () => {
    const refused = { body: { success: false, message: 'not the task owner or no production role', data: null } };
    server.on('POST /api/v1/task/kill', refused);
    server.on('GET /api/v1/task/get_status', { body: { success: false, message: 'Task not found', data: null } });
    const run = await panda(['kill', '7']);
    expect([run.code, run.stderr]).toEqual([5, expect.stringMatching(/^error: jediTaskID=7 not found/)]);
  });

  it('says that a broken task is not retried but submitted again', async () => {
    const message = 'Command rejected: the retry command is not accepted if the task is in broken status';
    server.on('POST /api/v1/task/retry', { body: { success: false, message, data: 4 } });
    server.onV1('GET task/get_status', 'broken');
    const broken = await panda(['retry', '7']);
    expect(broken.stderr).toMatch(/^hint: {2}A broken task is not retried: .* submit it again$/m);
    server.onV1('GET task/get_status', 'aborting');
    expect((await panda(['retry', '7'])).stderr).not.toContain('A broken task');
  });

  it('gives the new parameters of a retry as JSON or words', async () => {
    await panda(['retry', '12345678', '--set', 'nFilesPerJob=3', '--set', 'site=A,B', '--set', 'excludedSite=null']);
    expect(sent('POST /api/v1/task/retry')).toEqual({
      task_id: 12345678,
      new_parameters: { nFilesPerJob: 3, site: 'A,B', excludedSite: null },
    });
  });

  it('waits for a task and says with its exit code how it ended', async () => {
    const info = { jediTaskID: 9, nFiles: 2, nFilesFinished: 0 };
    const answers = ['scouting', 'running', 'failed'].map((status) => ({ ...info, status }));
    server.on('GET /api/v1/task/get_detailed_info', () => ({ body: { success: true, message: '', data: answers.shift() } }));
    const { code, stderr, stdout } = await panda(['task', '9', '--watch', '--interval', '1']);
    expect({ code, lines: stderr.trim().split('\n') }).toEqual({
      code: 1,
      lines: [
        'task 9  scouting  0/2 files, 0 failed',
        'task 9  running  0/2 files, 0 failed',
        'task 9  failed  0/2 files, 0 failed',
      ],
    });
    expect(stdout).toContain('status  failed');
  }, 20_000);
});

describe('a watch', () => {
  it('outlives a server that is down for a while', async () => {
    let looks = 0;
    server.on('GET /api/v1/task/get_detailed_info', () => {
      looks++;
      if (looks <= 3) return { status: 503, headers: { 'retry-after': '900' }, body: 'restarting' };
      return { body: { success: true, message: '', data: { jediTaskID: 9, status: 'done' } } };
    });
    const run = await panda(['task', '9', '--wait', '--interval', '1']);
    expect(run.code).toBe(0);
    expect(run.stderr.match(/still trying/g)).toHaveLength(3);
  }, 20_000);
});

describe('exit codes', () => {
  const envelope = (message: string) => ({ body: { success: false, message, data: null } });
  it.each([
    [0, 'done', ['task', '12345678'], undefined],
    [2, 'wrong usage: a word for a number', ['task', 'abc'], undefined],
    [2, 'wrong usage: no such option', ['tasks', '--nonsense'], undefined],
    [2, 'wrong usage: no such command', ['nonsense'], undefined],
    [3, 'not signed in', ['task', '1'], { status: 403, body: 'ERROR : Token authentication failed. expired' }],
    [3, 'not allowed', ['task', '1'], envelope('not the task owner or no production role')],
    [4, 'server failed', ['task', '1'], { status: 500, body: 'oops' }],
    [5, 'no such object', ['task', '1'], envelope('Task not found')],
    [6, 'wrong state', ['task', '1'], envelope('Command rejected: not now')],
    [7, 'refused', ['task', '1'], envelope('Argument error: x')],
    [8, 'garbage', ['task', '1'], { body: '<html>hello</html>' }],
  ])(
    '%i: %s',
    async (code, _why, args, answer) => {
      if (answer !== undefined) server.on('GET /api/v1/task/get_detailed_info', answer);
      const run = await panda([...args, '--timeout', '5']);
      expect(run.code).toBe(code);
      expect(code === 0 ? run.stderr : run.stderr.startsWith('error:')).toBe(code === 0 ? '' : true);
    },
    20_000,
  );

  it('4: nothing listens, with code and hint', async () => {
    const run = await binary(['health', '--server', 'http://127.0.0.1:1']);
    expect(run).toMatchObject({ code: 4, stdout: '' });
    expect(run.stderr).toBe(
      'error: cannot reach http://127.0.0.1:1/api/v1/system/is_alive: ECONNREFUSED (PANDA-CLIENT-001)\nhint:  Check PANDA_URL_SSL and that the server is up: panda health\n',
    );
  }, 20_000);

  it('an error is a JSON document with --json', async () => {
    server.on('GET /api/v1/task/get_detailed_info', { body: { success: false, message: 'Task not found', data: null } });
    const run = await panda(['task', '1', '--json']);
    expect(run.code).toBe(5);
    expect(JSON.parse(run.stdout)).toEqual({
      error: { code: 'PANDA-CLIENT-008', message: 'Task not found', hint: expect.any(String), exitCode: 5 },
    });
  });

  it('2: an environment that makes no sense is named, whole', async () => {
    const run = await binary(['health'], { PANDA_URL_SSL: 'ftp://x', PANDA_VERIFY_HOST: 'maybe' });
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(/PANDA_URL_SSL must begin with/);
    expect(run.stderr).toMatch(/PANDA_VERIFY_HOST is not one of on, off/);
  });
});

describe('I44: replies that are no friends', () => {
  it('control characters of names do not reach the terminal', async () => {
    const name = 'user.x\u001b[2J\u0007\u202e';
    server.onV1('GET task/get_tasks_detailed_info_since', [{ jediTaskID: 1, status: 'done', taskName: name }]);
    const { stdout } = await panda(['tasks']);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(stdout).not.toMatch(/[\u001b\u0007\u202e]/);
  });

  it('a file name from the server cannot leave the directory', async () => {
    const files = ['../evil', '/etc/x', 'a/b', '..'].map((lfn) => ({ scope: 's', lfn, size: 1, adler32: '0', replicas: [] }));
    server.onV1('GET data/list_files', { items: files, next_offset: null });
    const run = await panda(['data', 'get', 'user.alice.events']);
    expect(run.code).toBe(1);
    expect(run.stdout.match(/unsafe file name/g)).toHaveLength(4);
    expect(server.to('GET /api/v1/data/download_file')).toHaveLength(0);
  });
});

describe('panda data', () => {
  it('puts files with their checksum, and gets what is not there yet', async () => {
    const put = join(directory, 'events.root');
    writeFileSync(put, 'hello');
    expect((await panda(['data', 'put', 'user.alice.events', put])).code).toBe(0);
    expect(sent('POST /api/v1/data/register_dataset')).toEqual({ name: 'user.alice.events' });
    expect(String(server.to('POST /api/v1/data/upload_file')[0]?.body)).toMatch(/name="adler32"\r\n\r\n062c0215\r\n/);
    rmSync(put);
    const first = await panda(['data', 'get', 'user.alice.events', '--to', 'results']);
    expect(first).toMatchObject({ code: 0, stdout: 'got      events.root\n' });
    expect(readFileSync(join(directory, 'results/events.root'), 'utf8')).toBe('hello');
    expect((await panda(['data', 'get', 'user.alice.events', '--to', 'results'])).stdout).toBe('kept     events.root\n');
  }, 20_000);

  it('sends nothing when one of the files is missing', async () => {
    const run = await panda(['data', 'put', 'user.alice.events', 'nowhere.root']);
    expect(run).toMatchObject({ code: 2, stderr: expect.stringMatching(/cannot read .*nowhere.root: ENOENT/) });
    expect(server.requests).toHaveLength(0);
  });
});

describe('panda run', () => {
  it('submits what prun would, and prints the number alone', async () => {
    const run = await panda(['run', '--name', 'hello', '--jobs', '3', '--out', 'out.txt', 'echo Hello > out.txt']);
    expect(run).toMatchObject({ code: 0, stdout: '12345678\n' });
    const map = sent('POST /api/v1/task/submit').task_parameters;
    expect(map).toMatchObject({ taskName: 'user.alice.hello/', nEvents: 3, nEventsPerJob: 1, noInput: true });
    expect(map.cliParams).toBe(
      'prun --exec "echo Hello > out.txt" --outDS user.alice.hello --outputs out.txt --nJobs 3 --noBuild',
    );
  });

  it('passes the server’s refusal on with its exit code', async () => {
    const message = 'Too many active tasks for Alice 11>10';
    server.on('POST /api/v1/task/submit', { body: { success: false, message, data: 10 } });
    const run = await panda(['run', '--name', 'hello', 'x']);
    expect(run).toMatchObject({ code: 7, stderr: expect.stringContaining(`error: ${message} (PANDA-CLIENT-015)`) });
  });

  it('shows the map and sends nothing with --dry-run', async () => {
    const run = await panda(['run', '--name', 'hello', '--in', 'a.b', '--dry-run', '--', 'python', 'job.py', '%IN']);
    expect(JSON.parse(run.stdout)).toMatchObject({ dsForIN: 'a.b' });
    expect(server.requests).toHaveLength(0);
  });
});
