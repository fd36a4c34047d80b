import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SiteRepository } from '@panda/database';
import { replicaPath } from '@panda/domain';
import { pg, type TestDatabase } from '@panda/testing';
import { ServiceProcess } from '../worker-node/service-process.js';

const QUEUE = 'LOCAL';
const STORAGE = 'LOCAL_DISK';
const LOOK_MS = 200;

type Row = Readonly<Record<string, unknown>>;

/** The answer of the current API to a request about tasks. */
export interface Answer {
  readonly success: boolean;
  readonly message: string;
  readonly data: number;
}

/** Server, JEDI, Harvester and real pilots in one process beside a database that the test can read. Its user is alice. */
export class RunningFleet {
  private constructor(
    private readonly root: string,
    private readonly db: TestDatabase,
    private readonly server: string,
    private readonly process: ServiceProcess,
  ) {}

  static async start(): Promise<RunningFleet> {
    const root = mkdtempSync(join(tmpdir(), 'panda-life-'));
    const db = await pg();
    await new SiteRepository(db.database).register({
      site: QUEUE,
      harvester: 'e2e',
      endpoint: { name: STORAGE, baseUrl: pathToFileURL(join(root, 'se')).href, spaceGb: 10_000 },
      queue: { name: QUEUE, data: queueRecord() },
    });
    mkdirSync(join(root, 'se'));
    const queues = join(root, 'queues.json');
    const plugin = (role: string) => ({ name: `LocalProcess${role}` });
    const plugins = { submitter: plugin('Submitter'), monitor: plugin('Monitor'), sweeper: plugin('Sweeper') };
    writeFileSync(queues, JSON.stringify({ [QUEUE]: { prodSourceLabel: 'unified', maxWorkers: 3, ...plugins } }));
    const port = await freePort();
    const server = `http://127.0.0.1:${port}`;
    const fleet = await ServiceProcess.start(
      'box',
      {
        DATABASE_URL: db.url,
        BUS: 'postgres',
        PANDA_HTTP_HOST: '127.0.0.1',
        PANDA_HTTP_PORT: String(port),
        PANDA_SERVER_URL: server,
        PANDA_CACHE_DIR: join(root, 'cache'),
        PANDA_DEFAULT_VO: 'wlcg',
        PANDA_DEVELOPMENT_USER: 'alice',
        PANDA_HARVESTER_ID: 'e2e',
        PANDA_HARVESTER_SERVER: server,
        PANDA_HARVESTER_QUEUECONFIG: queues,
        PANDA_HARVESTER_STATE: join(root, 'harvester'),
        PANDA_HARVESTER_PILOT_HEARTBEAT: '500ms',
        PANDA_HARVESTER_STOP_WORKERS: 'true',
        PANDA_PILOT_KILL_GRACE: '500ms',
      },
      'all-in-one.js',
    );
    return new RunningFleet(root, db, server, fleet);
  }

  /** A name in the folder of this fleet. */
  path(name: string): string {
    return join(this.root, name);
  }

  async rows(text: string, ...values: unknown[]): Promise<Row[]> {
    return (await this.db.database.pool.query(text, values)).rows;
  }

  /** Resolves with the rows as soon as there are some. */
  async whenThere(text: string, ...values: unknown[]): Promise<Row[]> {
    for (;;) {
      const found = await this.rows(text, ...values);
      if (found.length > 0) return found;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  async ask(path: string, body: object): Promise<Answer> {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    return (await fetch(`${this.server}/api/v1/${path}`, init)).json() as Promise<Answer>;
  }

  /** Sends a report in the form of a pilot of 2021 and tells what the server orders in return. */
  async report(fields: Readonly<Record<string, string>>): Promise<unknown> {
    const init = { method: 'POST', headers: { accept: 'application/json' }, body: new URLSearchParams(fields) };
    return (await fetch(`${this.server}/server/panda/updateJob`, init)).json();
  }

  /** An output where the catalogue expects it. */
  stored(scope: string, lfn: string): string {
    return readFileSync(join(this.root, 'se', replicaPath(scope, lfn)), 'utf8');
  }

  async stop(): Promise<void> {
    await this.process.stop();
    await this.db.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Takes everything; `timefloor` lets one pilot run several jobs. */
function queueRecord(): Row {
  const activities = ['pr', 'pw', 'pl', 'read_lan', 'write_lan', 'default'];
  const each = (value: readonly string[]) => Object.fromEntries(activities.map((activity) => [activity, value]));
  const limits = { corecount: 1, maxrss: 8000, minrss: 0, maxtime: 86_400, mintime: 0, maxwdir: 20_000, maxinputsize: 14_336 };
  const access = { allow_lan: true, allow_wan: false, direct_access_lan: false, direct_access_wan: false };
  const about = { state: 'ACTIVE', status: 'online', type: 'unified', vo_name: 'wlcg', resource_type: 'GRID', cloud: 'WORLD' };
  const role = { capability: 'ucore', harvester: 'e2e', pilot_manager: 'Harvester', timefloor: 5, catchall: 'skip_RSE_check' };
  return { ...about, ...limits, ...access, ...role, astorages: each([STORAGE]), acopytools: each(['cp']) };
}
