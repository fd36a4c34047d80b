import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { workerStatus } from '@panda/domain';
import { PromMetrics, SystemClock } from '@panda/runtime';
import { FakeClock, RecordingLog, RecordingServer } from '@panda/testing';
import type { Harvester } from './harvester.js';
import { isSameProcess } from './process/process-table.js';
import { HarvesterSite, QUEUE } from './testing/harvester-site.js';
import { JournalInUse } from './worker/journal.js';
import { isActive } from './worker/worker.js';

// Real processes on a machine that may be busy.
jest.setTimeout(60_000);

describe('a harvester with local workers', () => {
  let server: RecordingServer;
  let site: HarvesterSite;
  let log: RecordingLog;
  let activated: number;
  let commands: unknown[];
  const clock = new SystemClock();

  beforeEach(async () => {
    activated = 0;
    commands = [];
    log = new RecordingLog();
    server = await RecordingServer.start();
    server.on('GET /api/v1/statistics/active_job_stats_by_site', () => envelope({ [QUEUE]: { activated, running: 2 } }));
    server.on('POST /api/v1/harvester/acquire_commands', () => envelope(commands.splice(0)));
    server.onV1('GET harvester/get_current_worker_id', 0);
    for (const call of ['heartbeat', 'update_workers', 'report_worker_statistics', 'acknowledge_commands'])
      server.onV1(`POST harvester/${call}`, null);
    site = new HarvesterSite(server.url, { clock, log, metrics: new PromMetrics({ service: 'harvester', defaults: false }) });
  });
  afterEach(async () => {
    site.close();
    await server.close();
  });

  const envelope = (data: unknown) => ({ body: { success: true, message: '', data } });
  const bodies = (call: string) =>
    server.to(`POST /api/v1/harvester/${call}`).map(({ body }) => JSON.parse(body.toString()) as Record<string, unknown>);
  const statuses = () => site.workers.map(({ status }) => status);
  const cycleUntil = async (harvester: Harvester, done: () => boolean) => {
    while (!done()) {
      await harvester.cycle();
      await clock.sleep(20);
    }
  };

  it('runs nothing while no job waits, then one worker for each job, up to the queue’s limit', async () => {
    site.useScript('sleep 30');
    const harvester = site.start();
    await harvester.cycle();
    expect(site.workers).toEqual([]);
    activated = 2;
    await harvester.cycle();
    activated = 50;
    await harvester.cycle();
    await harvester.cycle();
    expect(site.workers).toHaveLength(3);
  });

  it('does not start a second worker for a job that a young one is about to take', async () => {
    site = new HarvesterSite(
      server.url,
      { clock, log, metrics: new PromMetrics({ service: 'h', defaults: false }) },
      { youth: 60_000 },
    );
    site.useScript('sleep 30');
    activated = 1;
    const harvester = site.start();
    for (let i = 0; i < 3; i++) await harvester.cycle();
    expect(site.workers).toHaveLength(1);
  });

  it('does not start workers in vain again and again for jobs they cannot take', async () => {
    const time = new FakeClock();
    site = new HarvesterSite(
      server.url,
      { clock: time, log, metrics: new PromMetrics({ service: 'h', defaults: false }) },
      { youth: 1_000 },
    );
    site.useScript('exit 82', { maxWorkers: 1 });
    activated = 1;
    const harvester = site.start();
    await harvester.cycle();
    await cycleUntil(harvester, () => statuses().every((status) => status === workerStatus.finished));
    await time.advance(1_500);
    await harvester.cycle();
    expect(site.workers).toHaveLength(1);
    await time.advance(1_000);
    await harvester.cycle();
    expect(site.workers).toHaveLength(2);
    await cycleUntil(harvester, () => statuses().every((status) => status === workerStatus.finished));
    activated = 2;
    await cycleUntil(harvester, () => site.workers.length === 3);
  });

  it('starts a worker for the job that one which died has left, though no job waits', async () => {
    site.useScript('mkdir -p ../../pilot_jobs; touch ../../pilot_jobs/7.1.json; kill -KILL $PPID $$', { maxWorkers: 1 });
    activated = 1;
    const harvester = site.start();
    await harvester.cycle();
    activated = 0;
    await clock.sleep(10);
    site.useScript('rm ../../pilot_jobs/*; exit 82', { maxWorkers: 1 });
    await cycleUntil(harvester, () => statuses().join() === 'missed,finished');
    for (let i = 0; i < 3; i++) await harvester.cycle();
    expect(site.workers).toHaveLength(2);
  });

  it('reports workers through their lives with what the server needs', async () => {
    site.useScript('exit 0', { maxWorkers: 1 });
    activated = 1;
    const harvester = site.start();
    await harvester.cycle();
    activated = 0;
    await cycleUntil(harvester, () => site.workers.every((worker) => !isActive(worker) && !worker.unreported));
    const reports = bodies('update_workers').flatMap(({ workers }) => workers as Record<string, unknown>[]);
    expect(reports.at(-1)).toMatchObject({
      workerID: 1,
      harvesterID: 'test',
      computingSite: QUEUE,
      status: 'finished',
      nativeExitCode: 0,
      syncLevel: 1,
    });
    expect(reports.at(-1)?.submitTime).toMatch(/^datetime\/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/);
    expect(bodies('update_workers')[0]).toMatchObject({ harvester_id: 'test' });
  });

  it.each([
    ['exit 82', 'finished'],
    ['exit 1', 'failed'],
    ['kill -KILL $PPID $$', 'missed'],
  ])('calls the end of a worker that does %s %s', async (script, status) => {
    site.useScript(script, { maxWorkers: 1 });
    activated = 1;
    const harvester = site.start();
    await harvester.cycle();
    activated = 0;
    await cycleUntil(harvester, () => !statuses().some((one) => isActive({ status: one })));
    expect(statuses()).toEqual([status]);
  });

  it('finds its running workers again after a restart, and learns how those ended that ended meanwhile', async () => {
    const gate = join(site.root, 'gate');
    site.useScript(`if [ {workerID} = 1 ]; then exec sleep 30; fi; until [ -e ${gate} ]; do sleep 0.02; done; exit 5`);
    activated = 2;
    await site.start().cycle();
    const [first, second] = site.workers.map(({ batchId }) => batchId ?? '');
    site.stop();
    appendFileSync(gate, '');
    while (isSameProcess(second ?? '')) await clock.sleep(20);
    activated = 0;
    const again = site.start();
    await again.cycle();
    expect(statuses()).toEqual([workerStatus.running, workerStatus.failed]);
    expect(isSameProcess(first ?? '')).toBe(true);
    expect(site.workers[1]).toMatchObject({ exitCode: 5 });
  });

  it('ignores the last line of a journal that a crash cut off', async () => {
    site.useScript('sleep 30');
    activated = 1;
    await site.start().cycle();
    site.stop();
    appendFileSync(join(site.config.stateDir, 'workers.journal'), '{"put":{"workerId":2,"que');
    activated = 0;
    await site.start().cycle();
    expect(site.workers.map(({ workerId }) => workerId)).toEqual([1]);
  });

  it('goes on with the server’s worker ids when its journal was lost', async () => {
    server.onV1('GET harvester/get_current_worker_id', 41);
    site.useScript('sleep 30', { maxWorkers: 1 });
    activated = 1;
    await site.start().cycle();
    expect(site.workers.map(({ workerId }) => workerId)).toEqual([42]);
  });

  it('refuses a directory that another instance works in', () => {
    site.useScript('true');
    site.start();
    expect(() => site.start()).toThrow(JournalInUse);
  });

  it('ends the workers a KILL_WORKERS command picks, and acknowledges it', async () => {
    site.useScript('trap "exit 0" TERM; touch ready; while :; do sleep 0.02; done');
    activated = 2;
    const harvester = site.start();
    await harvester.cycle();
    activated = 0;
    await cycleUntil(harvester, () => site.workers.every(({ directory }) => existsSync(join(directory, 'ready'))));
    commands.push({
      command_id: 7,
      command: 'KILL_WORKERS',
      params: '{"status": ["running"], "computingSite": ["LOCAL"]}',
      ack_requested: true,
    });
    await cycleUntil(harvester, () => statuses().every((status) => status === workerStatus.cancelled));
    expect(bodies('acknowledge_commands')).toEqual([{ command_ids: [7] }]);
  });

  it('does not end workers for a kill command without conditions', async () => {
    site.useScript('sleep 30', { maxWorkers: 1 });
    activated = 1;
    const harvester = site.start();
    await harvester.cycle();
    commands.push({ command_id: 8, command: 'KILL_WORKERS', params: {} });
    await clock.sleep(30);
    await harvester.cycle();
    await harvester.cycle();
    expect(statuses()).toEqual([workerStatus.running]);
  });

  it('starts as many workers as SET_N_WORKERS_JOBTYPE says, of the types it says', async () => {
    site.useScript('sleep 30', { runMode: 'slave', maxWorkers: 5 });
    activated = 50;
    commands.push({ command_id: 9, command: `SET_N_WORKERS_JOBTYPE:${QUEUE}`, params: { managed: { MCORE: 2, SCORE: 1 } } });
    const harvester = site.start();
    await harvester.cycle();
    await harvester.cycle();
    expect(site.workers.map(({ jobType, resourceType }) => [jobType, resourceType])).toEqual([
      ['managed', 'MCORE'],
      ['managed', 'MCORE'],
      ['managed', 'SCORE'],
    ]);
  });

  it('HARVESTER-07 reports numbers of workers by job and resource type, at once when asked', async () => {
    site.useScript('sleep 30', { maxWorkers: 2 });
    activated = 2;
    const harvester = site.start();
    await harvester.cycle();
    commands.push({ command_id: 10, command: `REPORT_WORKER_STATS:${QUEUE}` });
    await clock.sleep(30);
    await harvester.cycle();
    const [first, second] = bodies('report_worker_statistics');
    expect(first).toMatchObject({ harvester_id: 'test', panda_queue: QUEUE });
    expect(JSON.parse(String(first?.statistics))).toEqual({
      ANY: { ANY: { running: 0, submitted: 2, finished: 0, to_submit: 0 } },
    });
    expect(JSON.parse(String(second?.statistics))).toEqual({
      ANY: { ANY: { running: 2, submitted: 0, finished: 0, to_submit: 0 } },
    });
  });

  it('HARVESTER-04 says that it is alive, with version and start, and tries again when the server refuses', async () => {
    server.on('POST /api/v1/harvester/heartbeat', {
      body: { success: false, message: 'the Harvester instance is not registered', data: null },
    });
    site.useScript('true');
    const harvester = site.start();
    await harvester.cycle();
    expect(log.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', facts: expect.objectContaining({ duty: 'heartbeat' }) }),
    );
    server.onV1('POST harvester/heartbeat', null);
    await harvester.cycle();
    await harvester.cycle();
    expect(bodies('heartbeat')).toHaveLength(2);
    expect(bodies('heartbeat')[1]).toMatchObject({
      harvester_id: 'test',
      data: { sw_version: 'test', startTime: expect.stringMatching(/^datetime\//) },
    });
  });

  it('watches its workers while the server is away, and tells it everything once it is back', async () => {
    site.useScript('exit 3', { maxWorkers: 1 });
    activated = 1;
    const harvester = site.start();
    await harvester.cycle();
    const before = bodies('update_workers').length;
    for (const call of ['POST /api/v1/harvester/update_workers', 'GET /api/v1/statistics/active_job_stats_by_site'])
      server.on(call, { status: 503, body: '' });
    await cycleUntil(harvester, () => statuses().every((status) => status === workerStatus.failed));
    expect(site.workers[0]?.unreported).toBe(true);
    activated = 0;
    server.on('GET /api/v1/statistics/active_job_stats_by_site', () => envelope({ [QUEUE]: { activated } }));
    server.onV1('POST harvester/update_workers', null);
    await harvester.cycle();
    expect(bodies('update_workers').length).toBeGreaterThan(before);
    expect(site.workers[0]?.unreported).toBe(false);
  });

  it('ends its workers when it is told to leave none behind', async () => {
    site.useScript('trap "exit 0" TERM; touch ready; while :; do sleep 0.02; done');
    activated = 2;
    const harvester = site.start();
    await harvester.cycle();
    await cycleUntil(harvester, () => site.workers.every(({ directory }) => existsSync(join(directory, 'ready'))));
    await harvester.endWorkers(AbortSignal.timeout(30_000));
    expect(statuses().every((status) => status === workerStatus.cancelled)).toBe(true);
    expect(site.workers.some(({ unreported }) => unreported)).toBe(false);
  });

  it('forgets ended workers and their directories after a while', async () => {
    const time = new FakeClock();
    const metrics = new PromMetrics({ service: 'h', defaults: false });
    site = new HarvesterSite(server.url, { clock: time, log, metrics }, { keepEnded: 60_000 });
    site.useScript('exit 0', { maxWorkers: 1 });
    activated = 1;
    const harvester = site.start();
    await harvester.cycle();
    const directory = site.workers[0]?.directory ?? '';
    activated = 0;
    await cycleUntil(harvester, () => statuses().every((status) => status === workerStatus.finished));
    expect(existsSync(directory)).toBe(true);
    await time.advance(61_000);
    await harvester.cycle();
    expect(site.workers).toEqual([]);
    expect(existsSync(directory)).toBe(false);
  });

  it('takes up a changed queue configuration, and stays with the last good one when it becomes wrong', async () => {
    site.useScript('sleep 30', { maxWorkers: 1 });
    activated = 9;
    const harvester = site.start();
    await harvester.cycle();
    await clock.sleep(10);
    site.useScript('sleep 30', { maxWorkers: 2 });
    await harvester.cycle();
    expect(site.workers).toHaveLength(2);
    await clock.sleep(10);
    site.useScript('sleep 30', { maxWorkers: 'many' });
    await harvester.cycle();
    await harvester.cycle();
    expect(site.workers).toHaveLength(2);
    expect(log.messages('error')).toEqual([expect.stringContaining('maxWorkers is no whole number')]);
  });

  it('ADMIN-17 starts real pilots with the arguments of the templates, and takes "no job" for a good end', async () => {
    execFileSync('npx', ['--no-install', 'tsc', '-b', 'apps/pilot'], { stdio: 'ignore' });
    const pilot = join(process.cwd(), 'apps/pilot/dist/main.js');
    site = new HarvesterSite(server.url, { clock, log, metrics: new PromMetrics({ service: 'h', defaults: false }) }, { pilot });
    site.useQueue({ maxWorkers: 1 });
    server.on(`GET /cache/schedconfig/${QUEUE}.all.json`, {
      body: { nickname: QUEUE, panda_resource: QUEUE, state: 'ACTIVE', status: 'online' },
    });
    server.on('POST /server/panda/updateWorkerPilotStatus', { body: { StatusCode: 0 } });
    server.on('POST /server/panda/getJob', { body: { StatusCode: 20, errorDialog: 'no jobs in PanDA' } });
    activated = 1;
    const harvester = site.start();
    await harvester.cycle();
    activated = 0;
    await cycleUntil(harvester, () => !statuses().some((status) => isActive({ status })));
    expect(site.workers[0]).toMatchObject({ status: 'finished', exitCode: 82 });
    const asked = new URLSearchParams(server.to('POST /server/panda/getJob')[0]?.body.toString());
    expect(Object.fromEntries(asked)).toMatchObject({
      siteName: QUEUE,
      prodSourceLabel: 'user',
      harvester_id: 'test',
      worker_id: '1',
    });
    expect(readFileSync(join(site.workers[0]?.directory ?? '', 'stdout.txt'), 'utf8')).toContain('pilot started');
  }, 60_000);
});
