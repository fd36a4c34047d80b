import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SiteRepository } from '@panda/database';
import { jobStatus, replicaPath } from '@panda/domain';
import { aJob, aJobFile, insertRows, pg, type TestDatabase } from '@panda/testing';
import { ServiceProcess } from './service-process.js';

jest.setTimeout(120_000);

const QUEUE = 'LOCAL';
const STORAGE = 'LOCAL_DISK';
const SCOPE = 'user.alice';

type Row = Readonly<Record<string, unknown>>;

/** Gateway, harvester and pilots as real processes on a real database: what a job goes through after it was generated. */
describe('a job between gateway, harvester and pilot', () => {
  let root: string;
  let db: TestDatabase;
  let gateway: ServiceProcess;
  let harvester: ServiceProcess;
  let server: string;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'worker-node-'));
    db = await pg();
    const record = {
      state: 'ACTIVE',
      status: 'online',
      type: 'unified',
      corecount: 1,
      maxrss: 4000,
      maxtime: 3600,
      maxwdir: 20_000,
      vo_name: 'wlcg',
    };
    const storages = Object.fromEntries(['pr', 'pw', 'pl', 'read_lan', 'write_lan'].map((activity) => [activity, [STORAGE]]));
    await new SiteRepository(db.database).register({
      site: QUEUE,
      harvester: 'e2e',
      endpoint: { name: STORAGE, baseUrl: pathToFileURL(join(root, 'se')).href, spaceGb: 100 },
      queue: { name: QUEUE, data: { ...record, astorages: storages } },
    });
    gateway = await ServiceProcess.start('gateway', {
      DATABASE_URL: db.url,
      BUS: 'postgres',
      PANDA_HTTP_HOST: '127.0.0.1',
      PANDA_HTTP_PORT: '0',
      PANDA_CACHE_DIR: join(root, 'cache'),
      PANDA_DEVELOPMENT_USER: 'robot',
    });
    server = `http://127.0.0.1:${gateway.port}`;
    const plugin = (role: string) => ({ name: `LocalProcess${role}` });
    const queue = {
      prodSourceLabel: 'unified',
      maxWorkers: 2,
      submitter: plugin('Submitter'),
      monitor: plugin('Monitor'),
      sweeper: plugin('Sweeper'),
    };
    writeFileSync(join(root, 'queues.json'), JSON.stringify({ [QUEUE]: queue }));
    harvester = await ServiceProcess.start('harvester', {
      PANDA_HARVESTER_ID: 'e2e',
      PANDA_HARVESTER_SERVER: server,
      PANDA_HARVESTER_QUEUECONFIG: join(root, 'queues.json'),
      PANDA_HARVESTER_STATE: join(root, 'harvester'),
      PANDA_HARVESTER_PILOT_HEARTBEAT: '200ms',
      PANDA_HARVESTER_STOP_WORKERS: 'true',
      PANDA_PILOT_KILL_GRACE: '500ms',
    });
  });

  afterAll(async () => {
    await harvester?.stop();
    await gateway?.stop();
    await db?.close();
    rmSync(root, { recursive: true, force: true });
  });

  const one = async (text: string, ...values: unknown[]): Promise<Row | undefined> =>
    (await db.database.pool.query(text, values)).rows[0];
  const job = (id: number) => one('select * from doma_panda.jobs where pandaid = $1', id);
  const until = async (look: () => Promise<boolean>): Promise<void> => {
    while (!(await look())) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  const whenStatus = async (id: number, ...wanted: string[]): Promise<Row> => {
    await until(async () => wanted.includes(String((await job(id))?.jobstatus)));
    return (await job(id)) as Row;
  };
  const submit = async (id: number, command: string, files: { input?: string; output?: string } = {}): Promise<void> => {
    const log = `log.${id}.tgz`;
    const outMap = files.output === undefined ? '{}' : `{'o': '${files.output}'}`;
    const inList = files.input === undefined ? '' : ` -i "['${files.input}']"`;
    const rows = [
      aJobFile(id * 10)
        .ofJob(id)
        .ofType('log')
        .with({ lfn: log, scope: SCOPE, destinationdblocktoken: null, guid: null }),
      ...(files.output === undefined
        ? []
        : [
            aJobFile(id * 10 + 1)
              .ofJob(id)
              .ofType('output')
              .with({ lfn: files.output, scope: SCOPE }),
          ]),
      ...(files.input === undefined
        ? []
        : [
            aJobFile(id * 10 + 2)
              .ofJob(id)
              .ofType('input')
              .with({ lfn: files.input, scope: SCOPE, fsize: 6 }),
          ]),
    ];
    await insertRows(db.database, ...rows);
    const jobParameters = `-j "" -r . -p "${encodeURIComponent(command)}" -o "${outMap}"${inList}`;
    await db.database.pool.query(
      'insert into doma_panda.job_params (pandaid, jobparameters, modificationtime) values ($1, $2, now())',
      [id, jobParameters],
    );
    await insertRows(
      db.database,
      aJob(id)
        .at(QUEUE)
        .with({ transformation: `${server}/trf/user/runGen-00-00-02` }),
    );
  };

  it('PILOT-job-01 BASIC-43 BASIC-58 is fetched, run and reported within seconds, its output where the catalogue expects it', async () => {
    const input = join(root, 'se', replicaPath(SCOPE, 'in.1'));
    mkdirSync(dirname(input), { recursive: true });
    writeFileSync(input, 'hello\n');
    await submit(5001, 'cat %IN %IN > o', { input: 'in.1', output: 'out.5001' });
    const started = Date.now();
    const row = await whenStatus(5001, jobStatus.holding, jobStatus.finished, jobStatus.failed);
    expect(row).toMatchObject({ jobstatus: 'holding', piloterrorcode: 0, computingsite: QUEUE });
    expect(Date.now() - started).toBeLessThan(30_000);
    expect(readFileSync(join(root, 'se', replicaPath(SCOPE, 'out.5001')), 'utf8')).toBe('hello\nhello\n');
    const report = await one('select data from doma_panda.job_output_report where pandaid = 5001');
    expect(Object.keys(JSON.parse(String(report?.data)) as object)).toEqual(['out.5001', 'log.5001.tgz']);
  });

  it('PILOT-errors-01 keeps the pilot’s error code and words when its payload fails', async () => {
    await submit(5002, 'echo "ERROR: no luck" >&2; exit 9');
    const row = await whenStatus(5002, jobStatus.holding, jobStatus.failed);
    expect(row).toMatchObject({ piloterrorcode: 1305, transexitcode: '9' });
    expect(String(row.piloterrordiag)).toContain('no luck');
  });

  it('is reported as lost within seconds when its pilot dies, without a trace of its payload', async () => {
    const marker = join(root, 'pid');
    await submit(5004, `sleep 600 & echo $! >${marker}.part; mv ${marker}.part ${marker}; wait`);
    await until(async () => existsSync(marker));
    const running = `select batchid from doma_panda.harvester_workers where harvesterid = 'e2e' and status in ('submitted', 'running') order by workerid desc`;
    process.kill(-Number(String((await one(running))?.batchid).split(':')[0]), 'SIGKILL');
    const row = await whenStatus(5004, jobStatus.holding, jobStatus.failed);
    expect(row).toMatchObject({ piloterrorcode: 1319 });
    expect(isAsleep(readFileSync(marker, 'utf8').trim())).toBe(false);
  });

  it('HARVESTER-05 BASIC-60 is killed with its payload by a command of its owner', async () => {
    const marker = join(root, 'marker');
    await submit(5003, `touch ${marker}; sleep 600`);
    await until(async () => existsSync(marker));
    await db.database.pool.query(`update doma_panda.jobs set commandtopilot = 'tobekilled' where pandaid = 5003`);
    const row = await whenStatus(5003, jobStatus.holding, jobStatus.failed);
    expect(row).toMatchObject({ piloterrorcode: 1144 });
    await until(async () => {
      const counted = await one(
        `select count(*)::int as n from doma_panda.harvester_workers where harvesterid = 'e2e' and status in ('ready', 'submitted', 'running')`,
      );
      return counted?.n === 0;
    });
    const workers = await one(`select count(*)::int as n from doma_panda.harvester_workers where harvesterid = 'e2e'`);
    expect(Number(workers?.n)).toBeGreaterThanOrEqual(3);
  });
});

/** Does this process still wait for something? A zombie does not. */
function isAsleep(pid: string): boolean {
  return existsSync(`/proc/${pid}/stat`) && readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') S ');
}
