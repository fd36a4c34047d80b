import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SiteRepository } from '@panda/database';
import { pg, type TestDatabase } from '@panda/testing';
import { ServiceProcess } from '../worker-node/service-process.js';
import { CLIENT_ID, type IdentityProvider, startIdentityProvider } from './identity-provider.js';

jest.setTimeout(120_000);

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The tools of a user against a gateway, as processes of their own, with sign-in: what happens before a job exists. */
describe('the command line and the gateway', () => {
  let root: string;
  let work: string;
  let db: TestDatabase;
  let identity: IdentityProvider;
  let gateway: ServiceProcess;
  let environment: Record<string, string>;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'command-line-'));
    work = join(root, 'work');
    mkdirSync(work);
    writeFileSync(join(work, 'job.py'), 'print("hello")\n');
    db = await pg();
    await new SiteRepository(db.database).register({
      site: 'LOCAL',
      harvester: 'e2e',
      endpoint: { name: 'LOCAL_DISK', baseUrl: pathToFileURL(join(root, 'se')).href, spaceGb: 100 },
      queue: { name: 'LOCAL', data: { status: 'online', type: 'unified', corecount: 1, vo_name: 'wlcg' } },
    });
    identity = await startIdentityProvider({ name: 'Alice Adams', preferred_username: 'alice', groups: ['wlcg'] });
    const auth = {
      oidc_config_url: `${identity.url}/.well-known/openid-configuration`,
      client_id: CLIENT_ID,
      client_secret: '',
      audience: 'x',
      vo: 'wlcg',
    };
    mkdirSync(join(root, 'auth'));
    writeFileSync(join(root, 'auth/wlcg_auth_config.json'), JSON.stringify(auth));
    gateway = await ServiceProcess.start('gateway', {
      DATABASE_URL: db.url,
      BUS: 'postgres',
      PANDA_HTTP_HOST: '127.0.0.1',
      PANDA_HTTP_PORT: '0',
      PANDA_CACHE_DIR: join(root, 'cache'),
      PANDA_AUTH_CONFIG_DIR: join(root, 'auth'),
      PANDA_SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
    });
    environment = {
      PATH: '/usr/bin:/bin',
      DATABASE_URL: db.url,
      BUS: 'postgres',
      PANDA_URL_SSL: `http://127.0.0.1:${gateway.port}/server/panda`,
      PANDA_AUTH: 'oidc',
      PANDA_AUTH_VO: 'wlcg',
      PANDA_CONFIG_ROOT: join(root, 'config'),
    };
  });

  afterAll(async () => {
    await gateway?.stop();
    await identity?.close();
    await db?.close();
    rmSync(root, { recursive: true, force: true });
  });

  const run = (tool: string, ...args: string[]): Promise<Run> => {
    const child = spawn(process.execPath, [join(process.cwd(), 'apps/cli/bin', `${tool}.js`), ...args], {
      cwd: work,
      env: environment,
    });
    const chunks = { stdout: '', stderr: '' };
    child.stdout.on('data', (text) => (chunks.stdout += text));
    child.stderr.on('data', (text) => (chunks.stderr += text));
    child.stdin.end();
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...chunks })));
  };
  const json = async (tool: string, ...args: string[]) => JSON.parse((await run(tool, ...args, '--json')).stdout);
  const prun = (outDS: string, ...more: string[]) =>
    run(
      'prun',
      '--exec',
      'python job.py %RNDM:10 > out.txt',
      '--outDS',
      outDS,
      '--outputs',
      'out.txt',
      '--nJobs',
      '3',
      '--noBuild',
      '--vo',
      'wlcg',
      ...more,
    );

  it('CLIENT-05 signs a user in with the configuration of the community, for all tools', async () => {
    expect(await run('prun', '--exec', 'x', '--outDS', 'user.alice.x')).toMatchObject({ code: 10 });
    expect(await run('panda', 'login')).toMatchObject({ code: 0, stdout: 'Signed in as Alice Adams.\n' });
    expect(statSync(join(root, 'config/.token')).mode & 0o777).toBe(0o600);
    expect(await json('panda', 'whoami')).toMatchObject({ nickname: 'alice', vo: 'wlcg' });
  });

  it('CLIENT-14 submits a task and stores the map it has built', async () => {
    const submitted = await prun('user.alice.hello');
    expect(submitted.stdout).toMatch(
      /INFO : gathering files.*\nINFO : upload sandbox\nINFO : submit user\.alice\.hello\/\nINFO : succeeded\. new jediTaskID=\d+\n$/,
    );
    const id = /jediTaskID=(\d+)/.exec(submitted.stdout)?.[1] ?? '';
    const { parameters, ...task } = await json('panda', 'task', id, '--parameters');
    expect(task).toMatchObject({ taskName: 'user.alice.hello/', userName: 'Alice Adams', vo: 'wlcg' });
    expect(parameters).toMatchObject({ nEvents: 3, nEventsPerJob: 1, noInput: true, prodSourceLabel: 'user' });
    const archive = /-a (jobO\.[\w.-]+)/.exec(JSON.stringify(parameters.jobParameters))?.[1] ?? 'none';
    expect((await fetch(`http://127.0.0.1:${gateway.port}/cache/${archive}`)).status).toBe(200);
  });

  it('API-client-25 sends the same sandbox once', async () => {
    expect((await prun('user.alice.again', '-v')).stdout).toContain('DEBUG : the server has the same sandbox already');
  });

  it('refuses the same task twice, with the server’s reason', async () => {
    expect(await prun('user.alice.hello')).toMatchObject({
      code: 90,
      stdout: expect.stringContaining('is already queued for outDS=user.alice.hello/'),
    });
  });

  it('shows, explains and ends tasks', async () => {
    const shown = await run('pbook', 'show');
    expect(shown.stdout.match(/user\.alice\.(hello|again)\//g)).toHaveLength(2);
    const [task] = await json('panda', 'tasks');
    expect((await run('panda', 'why', String(task.jediTaskID))).stdout).toMatch(
      /^task \d+ is registered\n+registered +the task waits for its parameters/,
    );
    expect(await run('pbook', 'finish', String(task.jediTaskID))).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('command=finish is registered'),
    });
    expect(await run('panda', 'kill', String(task.jediTaskID))).toMatchObject({ code: 0 });
    expect((await run('panda', 'retry', String(task.jediTaskID))).code).toBe(6);
    expect((await run('panda', 'task', '999999999')).code).toBe(5);
  });

  it('keeps secrets', async () => {
    expect((await run('panda', 'secrets', 'set', 'TOKEN', 'abc')).code).toBe(0);
    expect((await run('pbook', '-c', 'list_secrets()')).stdout).toBe('KEY    VALUE\nTOKEN  abc\n');
    await run('pbook', '-c', "delete_secret('TOKEN')");
    expect(await json('panda', 'secrets', 'list')).toEqual({});
  });

  it('puts files into datasets and gets them back whole', async () => {
    const content = Buffer.alloc(3_000_000, 'panda');
    writeFileSync(join(work, 'events.dat'), content);
    const put = await run('panda', 'data', 'put', 'user.alice.events', 'events.dat');
    expect(put).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/user\.alice:events\.dat\s+3000000\s+[0-9a-f]{8}\s+LOCAL_DISK/),
    });
    expect((await run('panda', 'data', 'put', 'user.alice.events', 'events.dat')).code).toBe(0);
    writeFileSync(join(work, 'events.dat'), 'other');
    expect((await run('panda', 'data', 'put', 'user.alice.events', 'events.dat')).code).not.toBe(0);
    expect((await run('panda', 'data', 'get', 'user.alice.events', '--to', 'got')).stdout).toBe('got      events.dat\n');
    expect(readFileSync(join(work, 'got/events.dat')).equals(content)).toBe(true);
    expect(await json('panda', 'data', 'ls')).toMatchObject([{ name: 'user.alice.events', n_files: 1 }]);
  });

  it('lists the queues, and shows operators that the books are right', async () => {
    expect((await run('panda', 'queues')).stdout).toMatch(/LOCAL\s+LOCAL\s+online/);
    expect(await run('panda', 'admin', 'queues', 'set', 'LOCAL', 'status=brokeroff')).toMatchObject({ code: 0 });
    expect(await run('panda', 'admin', 'invariants')).toMatchObject({ code: 0, stdout: 'all invariants hold\n' });
    expect((await run('panda', 'admin', 'outbox')).stdout).toMatch(/task\.submitted/);
  });

  it('a signed-out user is refused by the server, not by the tool', async () => {
    await run('panda', 'logout');
    environment = { ...environment, PANDA_AUTH: '' };
    expect(await run('panda', 'tasks')).toMatchObject({ code: 3 });
    expect(await run('panda', 'health')).toMatchObject({ code: 0 });
  });
});
