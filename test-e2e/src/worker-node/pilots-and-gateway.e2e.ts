import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { jobStatus } from '@panda/domain';
import { ServiceProcess } from './service-process.js';
import { QUEUE, WorkerNodeSite } from './worker-node-site.js';

jest.setTimeout(120_000);

/** Gateway, harvester and pilots as real processes on a real database: what a job goes through after it was generated. */
describe('a job between gateway, harvester and pilot', () => {
  let site: WorkerNodeSite;
  let harvester: ServiceProcess;

  beforeAll(async () => {
    site = await WorkerNodeSite.open();
    const plugin = (role: string) => ({ name: `LocalProcess${role}` });
    const plugins = { submitter: plugin('Submitter'), monitor: plugin('Monitor'), sweeper: plugin('Sweeper') };
    writeFileSync(
      site.path('queues.json'),
      JSON.stringify({ [QUEUE]: { prodSourceLabel: 'unified', maxWorkers: 2, ...plugins } }),
    );
    harvester = await ServiceProcess.start('harvester', {
      PANDA_HARVESTER_ID: 'e2e',
      PANDA_HARVESTER_SERVER: site.server,
      PANDA_HARVESTER_QUEUECONFIG: site.path('queues.json'),
      PANDA_HARVESTER_STATE: site.path('harvester'),
      PANDA_HARVESTER_PILOT_HEARTBEAT: '200ms',
      PANDA_HARVESTER_STOP_WORKERS: 'true',
      PANDA_PILOT_KILL_GRACE: '500ms',
    });
  });
  afterAll(async () => {
    await harvester?.stop();
    await site?.close();
  });

  const until = async (look: () => Promise<boolean> | boolean): Promise<void> => {
    while (!(await look())) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  const workers = async (condition: string) =>
    Number(
      (await site.one(`select count(*)::int as n from doma_panda.harvester_workers where harvesterid = 'e2e' and ${condition}`))
        ?.n,
    );

  it('PILOT-job-01 is fetched, run and reported within seconds, its output where the catalogue expects it', async () => {
    site.store('in.1', 'hello\n');
    await site.submit(5001, 'cat %IN %IN > o', { input: 'in.1', output: 'out.5001' });
    const row = await site.whenStatus(5001, jobStatus.holding, jobStatus.finished, jobStatus.failed);
    expect(row).toMatchObject({ jobstatus: 'holding', piloterrorcode: 0, computingsite: QUEUE });
    expect(site.stored('out.5001')).toBe('hello\nhello\n');
    expect(Object.keys(await site.report(5001))).toEqual(['out.5001', 'log.5001.tgz']);
  });

  it('PILOT-errors-01 keeps the pilot’s error code and words when its payload fails', async () => {
    await site.submit(5002, 'echo "ERROR: no luck" >&2; exit 9');
    const row = await site.whenStatus(5002, jobStatus.holding, jobStatus.failed);
    expect(row).toMatchObject({ piloterrorcode: 1305, transexitcode: '9' });
    expect(String(row.piloterrordiag)).toContain('no luck');
  });

  it('is reported as lost within seconds when its pilot dies, without a trace of its payload', async () => {
    const marker = site.path('pid');
    await site.submit(5004, `sleep 600 & echo $! >${marker}.part; mv ${marker}.part ${marker}; wait`);
    await until(() => existsSync(marker));
    const running = `select batchid from doma_panda.harvester_workers where harvesterid = 'e2e' and status in ('submitted', 'running') order by workerid desc`;
    process.kill(-Number(String((await site.one(running))?.batchid).split(':')[0]), 'SIGKILL');
    const row = await site.whenStatus(5004, jobStatus.holding, jobStatus.failed);
    expect(row).toMatchObject({ piloterrorcode: 1319 });
    expect(isAsleep(readFileSync(marker, 'utf8').trim())).toBe(false);
  });

  it('HARVESTER-05 is killed with its payload by a command of its owner, and every worker is accounted for', async () => {
    const marker = site.path('marker');
    await site.submit(5003, `touch ${marker}; sleep 600`);
    await until(() => existsSync(marker));
    await site.one(`update doma_panda.jobs set commandtopilot = 'tobekilled' where pandaid = 5003`);
    expect(await site.whenStatus(5003, jobStatus.holding, jobStatus.failed)).toMatchObject({ piloterrorcode: 1144 });
    await until(async () => (await workers(`status in ('ready', 'submitted', 'running')`)) === 0);
    expect(await workers('true')).toBeGreaterThanOrEqual(3);
  });
});

/** Does this process still wait for something? A zombie does not. */
function isAsleep(pid: string): boolean {
  return existsSync(`/proc/${pid}/stat`) && readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') S ');
}
