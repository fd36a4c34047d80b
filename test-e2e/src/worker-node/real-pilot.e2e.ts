import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { environment } from '@panda/config';
import { jobStatus } from '@panda/domain';
import { WorkerNodeSite } from './worker-node-site.js';

jest.setTimeout(240_000);

const LAUNCHER = join(process.cwd(), 'test-e2e/src/worker-node/real-pilot.sh');
/** A checkout of PanDAWMS/pilot3; these tests run where there is one, and a root user to isolate it. */
const source = environment().PANDA_PILOT3_SOURCE ?? '';
const possible = existsSync(join(source, 'pilot.py')) && process.getuid?.() === 0;

(possible ? describe : describe.skip)('an unmodified pilot3', () => {
  let site: WorkerNodeSite;
  let pilot: ChildProcess | undefined;
  beforeEach(async () => {
    // Its copytool `mv` is the one that needs no middleware.
    const activities = ['pr', 'pw', 'pl', 'read_lan', 'write_lan', 'default'];
    site = await WorkerNodeSite.open({ acopytools: Object.fromEntries(activities.map((activity) => [activity, ['mv']])) });
    chmodSync(site.root, 0o755);
  });
  afterEach(async () => {
    pilot?.kill('SIGKILL');
    if (pilot?.exitCode === null && pilot.signalCode === null) await once(pilot, 'exit');
    await site.close();
  });

  const start = (): void => {
    pilot = spawn(LAUNCHER, [source, site.root, String(site.port)], { stdio: 'ignore' });
  };

  it('PILOT-job-09 takes a job from this server, runs it with our transform and reports it', async () => {
    await site.submit(7001, 'echo "real pilot" > o', { output: 'out.7001' });
    start();
    const row = await site.whenStatus(7001, jobStatus.holding, jobStatus.failed);
    expect(row).toMatchObject({ jobstatus: 'holding', piloterrorcode: 0, transexitcode: '0' });
    expect(String(row.pilotid)).toMatch(/\|PR\|3\./);
    const report = await site.report(7001);
    expect(report['out.7001']).toMatchObject({ fsize: 11, endpoint: 'LOCAL_DISK' });
    expect(Object.keys(report)).toContain('log.7001.tgz');
  });

  it('gives a payload its input', async () => {
    // The copytool `mv` finds input and leaves output where the pilot was started: Harvester carries them from and to the storage.
    mkdirSync(site.path('run'));
    writeFileSync(site.path('run/in.7003'), 'input\n');
    await site.submit(7003, 'tr a-z A-Z < in.7003 > o', { input: 'in.7003', output: 'out.7003' });
    start();
    expect(await site.whenStatus(7003, jobStatus.holding, jobStatus.failed)).toMatchObject({
      jobstatus: 'holding',
      piloterrorcode: 0,
    });
    expect((await site.report(7003))['out.7003']).toMatchObject({ fsize: 6 });
    expect(readFileSync(site.path('run/out.7003'), 'utf8')).toBe('INPUT\n');
  });

  it('reports a payload that failed, with its exit code and the log', async () => {
    await site.submit(7004, 'exit 7', { output: 'out.7004' });
    start();
    const row = await site.whenStatus(7004, jobStatus.holding, jobStatus.failed);
    expect(row).toMatchObject({ transexitcode: '7', piloterrorcode: 1305 });
    expect(Object.keys(await site.report(7004))).toEqual(['log.7004.tgz']);
  });

  it('PILOT-job-13 ends a job that its owner killed', async () => {
    await site.submit(7002, 'sleep 600');
    await site.one(`update doma_panda.jobs set commandtopilot = 'tobekilled' where pandaid = 7002`);
    start();
    expect(await site.whenStatus(7002, jobStatus.holding, jobStatus.failed)).toMatchObject({ piloterrorcode: 1144 });
  });
});
