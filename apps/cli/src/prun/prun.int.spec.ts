import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RecordingServer } from '@panda/testing';
import { answerAll } from '../testing/gateway-answers.js';
import { runHere } from '../testing/run-here.js';
import { aliceToken, runTool, startTool, type ToolRun } from '../testing/run-tool.js';

let server: RecordingServer;
let directory: string;

beforeAll(async () => {
  server = await RecordingServer.start();
});
afterAll(() => server.close());
beforeEach(() => {
  answerAll(server);
  server.requests.length = 0;
  directory = mkdtempSync(join(tmpdir(), 'panda-prun-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function prun(args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = directory): Promise<ToolRun> {
  const environment = {
    PANDA_URL_SSL: `${server.url}/server/panda`,
    PANDA_AUTH_ID_TOKEN: aliceToken,
    PANDA_CONFIG_ROOT: tmpdir(),
  };
  return runHere('prun', args, { cwd, env: { ...environment, ...env } });
}

/** The real binary in a process of its own. */
function binary(args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = directory): Promise<ToolRun> {
  return runTool('prun', args, { cwd, env: { PANDA_URL_SSL: server.url, PANDA_AUTH_ID_TOKEN: aliceToken, ...env } });
}

const submitted = () => JSON.parse(String(server.to('POST /api/v1/task/submit')[0]?.body)).task_parameters;
const routes = () => server.requests.map(({ method, path }) => `${method} ${path}`);

/** Names in the sandbox that was uploaded. */
function uploaded(): { name: string; files: string[] } {
  const body = server.to('POST /api/v1/file_server/upload_cache_file')[0]?.body ?? Buffer.alloc(0);
  const name = /filename="([^"]+)"/.exec(body.toString('latin1'))?.[1] ?? '';
  const start = body.indexOf('\r\n\r\n') + 4;
  const end = body.lastIndexOf('\r\n--');
  const listing = execFileSync('tar', ['-tzf', '-'], { input: body.subarray(start, end), encoding: 'utf8' });
  return { name, files: listing.split('\n').filter((line) => line !== '') };
}

const hello = ['--exec', 'echo %RNDM:10 > out.txt', '--outDS', 'user.alice.hello', '--outputs', 'out.txt'];

describe('prun', () => {
  it('CLIENT-14 gathers, uploads, submits and prints the number of the task', async () => {
    writeFileSync(join(directory, 'job.py'), 'print(1)');
    const run = await binary([...hello, '--nJobs', '3', '--noBuild', '--vo', 'wlcg']);
    expect(run).toEqual({
      code: 0,
      stderr: '',
      stdout: `INFO : gathering files under ${directory}\nINFO : upload sandbox\nINFO : submit user.alice.hello/\nINFO : succeeded. new jediTaskID=12345678\n`,
    });
    expect(routes()).toEqual([
      'POST /api/v1/file_server/validate_cache_file',
      'POST /api/v1/file_server/upload_cache_file',
      'POST /api/v1/task/submit',
    ]);
    const { name, files } = uploaded();
    expect(files).toEqual(['job.py']);
    expect(submitted()).toMatchObject({ taskName: 'user.alice.hello/', vo: 'wlcg', nEvents: 3, sourceURL: server.url });
    expect(submitted().jobParameters).toContainEqual({ type: 'constant', value: `-a ${name}` });
  });

  it('API-client-25 reuses a sandbox the server has already', async () => {
    server.on('POST /api/v1/file_server/validate_cache_file', {
      body: { success: true, message: 'FOUND:localhost:sources.old.tar.gz', data: null },
    });
    expect((await prun([...hello, '--bexec', 'make'])).code).toBe(0);
    expect(routes()).not.toContain('POST /api/v1/file_server/upload_cache_file');
    expect(submitted()).toMatchObject({
      buildSpec: { archiveName: 'sources.old.tar.gz' },
      sourceURL: server.url.replace('127.0.0.1', 'localhost'),
    });
  });

  it('CLI-prun-28 refuses a sandbox without build job that is too large, and sends none of it', async () => {
    for (let i = 0; i < 11; i++) writeFileSync(join(directory, `random${i}`), randomBytes(1_000_000));
    const run = await prun([...hello, '--noBuild']);
    expect(run.code).toBe(50);
    expect(run.stdout).toMatch(/ERROR : failed to upload sandbox: the sandbox jobO\.\S+ has \d+ bytes, the limit is 10485760/);
    expect(routes()).toEqual([]);
  });

  it('CLIENT-13 takes all options from a JSON file', async () => {
    writeFileSync(
      join(directory, 'opts.json'),
      JSON.stringify({ exec: hello[1], outDS: hello[3], outputs: 'out.txt', nJobs: '3', noBuild: true }),
    );
    const maps: Record<string, unknown>[] = [];
    for (const args of [
      ['--loadJson', 'opts.json'],
      [...hello, '--nJobs', '3', '--noBuild'],
    ]) {
      await prun([...args, '--noSubmit', '--dumpTaskParams', 'map.json']);
      maps.push(JSON.parse(readFileSync(join(directory, 'map.json'), 'utf8').replaceAll(/[0-9a-f-]{36}/g, 'uuid')));
    }
    const [fromFile, fromLine] = maps.map(({ cliParams: _line, ...map }) => map);
    expect(fromFile).toEqual(fromLine);
    expect(maps[0]?.cliParams).toContain(" --outputs='out.txt' --nJobs=3 --noBuild");
  });

  it('prints help of every group with --helpGroup ALL', async () => {
    const all = await prun(['--helpGroup', 'ALL']);
    expect(all.code).toBe(0);
    for (const word of ['--inDS', '--outDS', '--exec', '--containerImage', '--goodRunListXML'])
      expect(all.stdout).toContain(word);
  });

  it('CLI-prun-34 CLI-prun-35 sets avoidVP and the community of the task; -3 changes nothing', async () => {
    await prun([...hello, '--avoidVP', '--vo', 'wlcg', '-3']);
    expect(submitted()).toMatchObject({ avoidVP: true, vo: 'wlcg' });
  });

  it('CLI-prun-36 lists the files it sends with -v', async () => {
    writeFileSync(join(directory, 'job.py'), 'print(1)');
    expect((await prun([...hello, '-v'])).stdout).toContain('DEBUG : job.py\n');
  });

  it('accepts options of old releases with a warning', async () => {
    const run = await prun([...hello, '--cloud', 'US', '--libDS=LAST', '--noSubmit']);
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/WARNING : option --cloud is gone and has no effect\nWARNING : option --libDS is gone/);
  });

  it.each([
    [2, ['--nonsense'], /unrecognized argument: --nonsense/],
    [10, ['--outDS', 'user.bob.x'], /--outDS must be user.alice.<text>, not user.bob.x/],
    [60, ['--tmpDir', '/nowhere/at/all'], /cannot make \/nowhere\/at\/all/],
  ])('%i: refuses %j before anything is sent', async (code, more, message) => {
    const run = await prun([...hello, '--noBuild', ...more]);
    expect(run.stdout + run.stderr).toMatch(message);
    expect(run.code).toBe(code);
    expect(routes()).toEqual([]);
  });

  it('90: passes on what the server says', async () => {
    const message = 'jediTaskID=9 is already queued for outDS=x. You cannot submit duplicated tasks. ';
    server.on('POST /api/v1/task/submit', { body: { success: false, message, data: 1 } });
    const run = await prun([...hello, '--noBuild', '--dumpJson', 'result.json']);
    expect(run.code).toBe(90);
    expect(run.stdout).toContain('ERROR : task submission failed. jediTaskID=9 is already queued');
    expect(JSON.parse(readFileSync(join(directory, 'result.json'), 'utf8'))).toMatchObject([
      { returnCode: 90, jediTaskID: null, outDS: 'user.alice.hello/' },
    ]);
  });

  it('50: says why a sandbox was refused', async () => {
    server.on('POST /api/v1/file_server/upload_cache_file', {
      body: { success: false, message: 'ERROR: cannot write file', data: null },
    });
    expect(await prun(hello)).toMatchObject({ code: 50, stdout: expect.stringContaining('ERROR: cannot write file') });
  });

  it('10: finds a wrong output before the sandbox is made', async () => {
    expect((await prun([...hello, '--outputs', 'a/b'])).stdout).not.toContain('gathering');
  });

  it('10: says that nobody is signed in', async () => {
    const run = await prun(hello, { PANDA_AUTH_ID_TOKEN: '', PANDA_AUTH: 'oidc', PANDA_CONFIG_ROOT: directory });
    expect(run).toMatchObject({
      code: 10,
      stdout: expect.stringContaining('ERROR : PANDA-CLIENT-005: Sign in with: panda login'),
    });
  });

  it('does not send the home directory unasked', async () => {
    mkdirSync(join(directory, 'sub'));
    const run = await binary(hello, { HOME: directory });
    expect(run).toMatchObject({ code: 10, stdout: expect.stringContaining('the home directory is not sent') });
    expect((await binary([...hello, '--useHomeDir'], { HOME: directory })).code).toBe(0);
    expect((await binary(hello, { HOME: directory }, join(directory, 'sub'))).code).toBe(0);
  });

  it('runs in a sub-directory of what it sends', async () => {
    mkdirSync(join(directory, 'sub'));
    writeFileSync(join(directory, 'lib.py'), '1');
    await prun([...hello, '--workDir', '..'], {}, join(directory, 'sub'));
    expect(uploaded().files).toEqual(expect.arrayContaining(['lib.py', 'sub/']));
    expect(submitted().jobParameters[1]).toEqual({ type: 'constant', value: '-r sub' });
  });

  it('submits one task for each entry of --inOutDsJson', async () => {
    const tasks = [
      { inDS: 'in.a/', outDS: 'user.alice.a' },
      { inDS: 'in.b/', outDS: 'user.alice.b/' },
    ];
    writeFileSync(join(directory, 'io.json'), JSON.stringify(tasks));
    const exec = 'x %DATASET_IN %DATASET_OUT %BULKSEQNUMBER %IN';
    const run = await prun([
      '--exec',
      exec,
      '--inOutDsJson',
      'io.json',
      '--outputs',
      'o.txt',
      '--noBuild',
      '--dumpJson',
      'r.json',
    ]);
    expect(run.code).toBe(0);
    const maps = server.to('POST /api/v1/task/submit').map(({ body }) => JSON.parse(String(body)).task_parameters);
    expect(maps.map(({ taskName, dsForIN }) => [taskName, dsForIN])).toEqual([
      ['user.alice.a/', 'in.a/'],
      ['user.alice.b/', 'in.b/'],
    ]);
    const second = JSON.stringify(maps[1]);
    expect(second).toContain('x%20in.b/%20user.alice.b%201%20%25IN');
    expect(second).toContain('"dataset":"user.alice.b_o.txt/"');
    expect(second).not.toContain('user.alice.a_');
    expect(JSON.parse(readFileSync(join(directory, 'r.json'), 'utf8'))).toMatchObject([
      { bulkSeqNumber: 0 },
      { bulkSeqNumber: 1, jediTaskID: 12345678 },
    ]);
  });

  it('interrupted, leaves no files of its own behind', async () => {
    const asked = new Promise<void>((resolve) => {
      server.on('POST /api/v1/file_server/validate_cache_file', () => {
        resolve();
        return () => undefined;
      });
    });
    const env = { PANDA_URL_SSL: server.url, PANDA_AUTH_ID_TOKEN: aliceToken };
    const tool = startTool('prun', [...hello, '--tmpDir', directory], { cwd: directory, env });
    await asked;
    expect(readdirSync(directory)).toHaveLength(1);
    tool.kill('SIGINT');
    expect((await tool.ended).code).toBe(130);
    expect(readdirSync(directory)).toEqual([]);
  }, 20_000);

  it('leaves no files of its own behind', async () => {
    await prun([...hello, '--tmpDir', directory]);
    expect(readdirSync(directory)).toEqual([]);
  });
});
