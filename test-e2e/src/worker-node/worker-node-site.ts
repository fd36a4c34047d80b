import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SiteRepository } from '@panda/database';
import { replicaPath } from '@panda/domain';
import { aJob, aJobFile, insertRows, pg, type TestDatabase } from '@panda/testing';
import { ServiceProcess } from './service-process.js';

export const QUEUE = 'LOCAL';
const STORAGE = 'LOCAL_DISK';
const SCOPE = 'user.alice';
const LOOK_MS = 50;

export type Row = Readonly<Record<string, unknown>>;

export interface SubmittedFiles {
  readonly input?: string;
  readonly output?: string;
}

/** A site of one queue with storage on disk, served by a real gateway on a database of its own. */
export class WorkerNodeSite {
  private constructor(
    readonly root: string,
    private readonly db: TestDatabase,
    private readonly gateway: ServiceProcess,
  ) {}

  /** `queue` changes the queue's record. */
  static async open(queue: Row = {}): Promise<WorkerNodeSite> {
    const root = mkdtempSync(join(tmpdir(), 'worker-node-'));
    const db = await pg();
    await new SiteRepository(db.database).register({
      site: QUEUE,
      harvester: 'e2e',
      endpoint: { name: STORAGE, baseUrl: pathToFileURL(join(root, 'se')).href, spaceGb: 100 },
      queue: { name: QUEUE, data: { ...queueRecord(), ...queue } },
    });
    mkdirSync(join(root, 'se'));
    const gateway = await ServiceProcess.start('gateway', {
      DATABASE_URL: db.url,
      BUS: 'postgres',
      PANDA_HTTP_HOST: '127.0.0.1',
      PANDA_HTTP_PORT: '0',
      PANDA_CACHE_DIR: join(root, 'cache'),
      PANDA_DEVELOPMENT_USER: 'robot',
    });
    return new WorkerNodeSite(root, db, gateway);
  }

  get port(): number {
    return this.gateway.port;
  }

  get server(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  path(name: string): string {
    return join(this.root, name);
  }

  /** The first row of a query. */
  async one(text: string, ...values: unknown[]): Promise<Row | undefined> {
    return (await this.db.database.pool.query(text, values)).rows[0];
  }

  store(lfn: string, text: string): void {
    const path = join(this.root, 'se', replicaPath(SCOPE, lfn));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  stored(lfn: string): string {
    return readFileSync(join(this.root, 'se', replicaPath(SCOPE, lfn)), 'utf8');
  }

  /** Puts an activated job that runs `command` through runGen; `o` becomes the output. */
  async submit(id: number, command: string, files: SubmittedFiles = {}): Promise<void> {
    const { input, output } = files;
    await insertRows(this.db.database, ...fileRows(id, files));
    const inList = input === undefined ? '' : ` -i "['${input}']"`;
    const outMap = output === undefined ? '{}' : `{'o': '${output}'}`;
    const parameters = `-j "" -r . -p "${encodeURIComponent(command)}" -o "${outMap}"${inList}`;
    await this.one(
      'insert into doma_panda.job_params (pandaid, jobparameters, modificationtime) values ($1, $2, now())',
      id,
      parameters,
    );
    const transformation = `${this.server}/trf/user/runGen-00-00-02`;
    await insertRows(this.db.database, aJob(id).at(QUEUE).with({ transformation }));
  }

  /** The job's row once it is in one of these states. */
  async whenStatus(id: number, ...wanted: string[]): Promise<Row> {
    for (;;) {
      const row = await this.one('select * from doma_panda.jobs where pandaid = $1', id);
      if (row !== undefined && wanted.includes(String(row.jobstatus))) return row;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** The files of a final report as they were stored. */
  async report(id: number): Promise<Readonly<Record<string, Row>>> {
    const row = await this.one('select data from doma_panda.job_output_report where pandaid = $1', id);
    return JSON.parse(String(row?.data)) as Record<string, Row>;
  }

  async close(): Promise<void> {
    await this.gateway.stop();
    await this.db.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}

function fileRows(id: number, { input, output }: SubmittedFiles) {
  const file = (offset: number, type: string, lfn: string) =>
    aJobFile(id * 10 + offset)
      .ofJob(id)
      .ofType(type)
      .with({ lfn, scope: SCOPE });
  return [
    file(0, 'log', `log.${id}.tgz`).with({ destinationdblocktoken: null, guid: '11111111-2222-3333-4444-555555555555' }),
    ...(output === undefined ? [] : [file(1, 'output', output)]),
    ...(input === undefined ? [] : [file(2, 'input', input).with({ fsize: 6 })]),
  ];
}

function queueRecord(): Row {
  const activities = ['pr', 'pw', 'pl', 'read_lan', 'write_lan', 'default'];
  const each = (value: readonly string[]) => Object.fromEntries(activities.map((activity) => [activity, value]));
  const limits = { corecount: 1, maxrss: 4000, maxtime: 3600, maxwdir: 20_000, maxinputsize: 14_336 };
  const access = { allow_lan: true, allow_wan: false, direct_access_lan: false, direct_access_wan: false };
  const about = { state: 'ACTIVE', status: 'online', type: 'unified', vo_name: 'wlcg', resource_type: 'grid' };
  return { ...about, ...limits, ...access, astorages: each([STORAGE]), acopytools: each(['cp']) };
}
