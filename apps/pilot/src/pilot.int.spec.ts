import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { adler32 } from 'hash-wasm';
import { exitCodes } from './errors/exit-code.js';
import { isRunning } from './process/proc.js';
import type { JobState } from './report/job-state.js';
import { jobRecord, PilotSite, queueRecord, storageRecord, withInput, withOutput } from './testing/pilot-site.js';
import { appears, execute } from './testing/worker-node.js';

// Real processes on a machine that may be busy.
jest.setTimeout(60_000);

const states = (site: PilotSite) => site.server.updates.map((update) => update.state);
const files = (xml: string | undefined) => JSON.parse(xml ?? 'null') as Record<string, Record<string, unknown>>;

describe('a pilot', () => {
  let site: PilotSite;
  beforeEach(async () => {
    site = await PilotSite.open();
  });
  afterEach(() => site.close());

  const add = (command: string, changes: Record<string, unknown> = {}) => {
    const job = jobRecord(site.server.url, command, changes);
    site.server.jobs.push(job);
    return job;
  };
  const addWithOutput = (command: string) => {
    const job = withOutput(jobRecord(site.server.url, command), command, 'o', 'o.1');
    site.server.jobs.push(job);
    return job;
  };

  it('PILOT-job-09 PILOT-data-out-03 runs a job from starting to finished and reports its files as pilots do', async () => {
    const content = 'some input\n';
    site.store('in.1', content);
    const command = 'cat %IN %IN > o';
    const job = withInput(
      withOutput(jobRecord(site.server.url, command), command, 'o', 'o.1'),
      'in.1',
      content.length,
      `ad:${await adler32(content)}`,
    );
    site.server.jobs.push(job);
    expect(await site.pilot().run()).toBe(0);
    expect([...new Set(states(site))]).toEqual(['starting', 'running', 'finished']);
    const [final] = site.server.finals;
    expect(final).toMatchObject({ pilotErrorCode: '0', transExitCode: '0', attemptNr: '1', siteName: 'TEST_PQ' });
    expect(final).not.toHaveProperty('metaData');
    expect(site.stored('o.1')).toBe(content + content);
    const report = files(final?.xml);
    expect(Object.keys(report)).toEqual(['o.1', job.logFile]);
    expect(report['o.1']).toMatchObject({ fsize: 22, adler32: await adler32(content + content), endpoint: 'LOCAL_DISK' });
    expect(report['o.1']?.surl).toBe(`file://localhost${site.storedPath('o.1')}`);
    expect(report[String(job.logFile)]?.guid).toBe('log-guid');
    expect(final?.pilotTiming).toMatch(/^\d+(\|\d+){5}$/);
    expect(site.leftovers()).toEqual([]);
    expect(site.spooled()).toEqual([]);
  });

  it('PILOT-data-out-16 packs a log with the payload’s output and its own log, without inputs, outputs and secrets', async () => {
    site.store('in.1', 'x');
    const command = 'echo said; echo more >&2; cp %IN o; ln -s nowhere broken';
    const job = withInput(
      withOutput(jobRecord(site.server.url, command, { secrets: '{"K":"v"}' }), command, 'o', 'o.1'),
      'in.1',
      1,
      '',
    );
    site.server.jobs.push(job);
    await site.pilot().run();
    const listing = await execute('tar', ['-tzf', site.storedPath(String(job.logFile))], site.root);
    const names = listing.stdout
      .trim()
      .split('\n')
      .map((path) => path.replace(/^[^/]*\//, ''));
    expect(names).toEqual(expect.arrayContaining(['payload.stdout', 'payload.stderr', 'pilotlog.txt', 'runGen-00-00-02']));
    for (const absent of ['in.1', 'o.1', 'panda_secrets.json']) expect(names).not.toContain(absent);
    expect(listing.stdout).toContain(`tarball_PandaJob_${job.PandaID}_TEST_PQ/`);
  });

  it('PILOT-payload-07 reports a failing payload with its exit code, its words and its log, and exits 0', async () => {
    const job = add('echo "ERROR: it broke" >&2; exit 3');
    expect(await site.pilot().run()).toBe(0);
    const [final] = site.server.finals;
    expect(final).toMatchObject({ state: 'failed', pilotErrorCode: '1305', transExitCode: '3' });
    expect(final?.pilotErrorDiag).toContain('it broke');
    expect(Object.keys(files(final?.xml))).toEqual([job.logFile]);
    expect(final?.pilotLog).not.toBe('');
  });

  it('PILOT-monitor-13 PILOT-job-24 logs what the kernel thinks of the payload and how the job ended', async () => {
    add('exit 2');
    await site.pilot().run();
    expect(site.log.join('')).toMatch(/a command was started .*oomScore=\d+/);
    expect(site.log.join('')).toMatch(/the job is over .*taken=true state=failed failures=\[1305\] timing=/);
  });

  it('fails a job whose input is not there with 1331 and never starts the payload', async () => {
    site.server.jobs.push(withInput(jobRecord(site.server.url, 'true'), 'gone.1', 5, 'ad:00000000'));
    await site.pilot().run();
    expect(site.server.finals[0]).toMatchObject({ state: 'failed', pilotErrorCode: '1331' });
    expect(states(site)).not.toContain('running');
  });

  it.each([
    ['ad:deadbeef', 1, '1171'],
    [`md:${'0'.repeat(32)}`, 1, '1145'],
    ['', 7, '1099'],
  ])(
    'PILOT-data-in-10 refuses an input that is not what the catalogue says: checksum %s, size %i → %s',
    async (checksum, size, code) => {
      site.store('in.1', 'x');
      site.server.jobs.push(withInput(jobRecord(site.server.url, 'true'), 'in.1', size, checksum));
      await site.pilot().run();
      expect(site.server.finals[0]).toMatchObject({ state: 'failed', pilotErrorCode: code });
    },
  );

  it('PILOT-data-out-05 tells missing, empty and unwritable outputs apart', async () => {
    addWithOutput('true');
    addWithOutput(': > o');
    await site.pilot().run();
    await site.pilot().run();
    expect(site.server.finals.map((final) => final.pilotErrorCode)).toEqual(['1165', '1191']);
    // A storage whose folder is a file.
    writeFileSync(`${site.root}/block`, '');
    site.server.storageData = storageRecord(`${site.root}/block`);
    addWithOutput('echo x > o');
    await site.pilot([], { home: `${site.root}/other` }).run();
    expect(site.server.finals[2]).toMatchObject({ state: 'failed' });
    expect(site.server.finals[2]?.pilotErrorCode).toBe('1137');
  });

  it('PILOT-data-out-06 tolerates a missing output that the job allows', async () => {
    const job = addWithOutput('true');
    job.allowNoOutput = 'o.1';
    await site.pilot().run();
    expect(site.server.finals[0]).toMatchObject({ state: 'finished' });
  });

  it('PILOT-job-13 PILOT-payload-12 PILOT-payload-13 kills the payload and all it started when the server says so, and sends no files', async () => {
    const pidFile = `${site.root}/pid`;
    add(`trap "" TERM; (setsid env -u none sleep 300 & echo $! >${pidFile}.part; mv ${pidFile}.part ${pidFile}); sleep 300`);
    const running = site.pilot().run();
    await appears(pidFile);
    site.server.commands.push('tobekilled');
    expect(await running).toBe(0);
    expect(site.server.finals[0]).toMatchObject({ state: 'failed', pilotErrorCode: '1144', xml: '' });
    expect(isRunning(Number(readFileSync(pidFile, 'utf8')))).toBe(false);
  });

  it('PILOT-http-05 repeats the final report until the server takes it, whatever stands in its way meanwhile', async () => {
    const troubles: (number | string)[] = [503, 500, '<html>proxy</html>', '{"StatusCode": 10}', '{"StatusCode": 30}'];
    site.server.trouble = (update) => (update.endTime === undefined ? undefined : troubles.shift());
    add('true');
    expect(await site.pilot().run()).toBe(0);
    expect(site.server.finals).toHaveLength(1);
    expect(troubles).toEqual([]);
    expect(site.spooled()).toEqual([]);
  });

  it('keeps a report that no server took on disk, and the next pilot in this place delivers it', async () => {
    site.server.trouble = (update) => (update.endTime === undefined ? undefined : 503);
    const job = add('true');
    expect(await site.pilot([], { lastReportLimit: 10 }).run()).toBe(exitCodes.communication);
    const [name = ''] = site.spooled();
    const path = `${site.home}/pilot_jobs/${name}`;
    const state = JSON.parse(readFileSync(path, 'utf8')) as JobState;
    expect(state.final).toMatchObject({ jobId: String(job.PandaID) });
    // The pilot that died had another process id.
    writeFileSync(path, JSON.stringify({ ...state, owner: { pid: 1, startTicks: -1 } }));
    site.server.trouble = () => undefined;
    expect(await site.pilot().run()).toBe(exitCodes.noJobs);
    expect(site.server.finals).toEqual([expect.objectContaining({ jobId: String(job.PandaID), state: 'finished' })]);
    expect(site.spooled()).toEqual([]);
  });

  it('PILOT-main-23 PILOT-job-25 reports a job that a signal ends with the signal’s code, its log, and nothing left behind', async () => {
    const marker = `${site.root}/started`;
    const job = add(`touch ${marker}; sleep 300`);
    const pilot = site.pilot();
    const running = pilot.run();
    await appears(marker);
    pilot.stop('SIGTERM');
    expect(await running).toBe(143);
    const [final] = site.server.finals;
    expect(final).toMatchObject({ state: 'failed', pilotErrorCode: '1201' });
    expect(Object.keys(files(final?.xml))).toEqual([job.logFile]);
    expect(site.leftovers()).toEqual([]);
  });

  it('PILOT-looping-01 ends a payload that touches no file, unless the job says it may', async () => {
    add('sleep 300');
    await site.pilot([], { loopingLimit: 200 }).run();
    expect(site.server.finals[0]).toMatchObject({ state: 'failed', pilotErrorCode: '1150' });
    add('sleep 1', { loopingCheck: false });
    await site.pilot([], { loopingLimit: 200 }).run();
    expect(site.server.finals[1]).toMatchObject({ state: 'finished' });
  });

  it('CLI-prun-32 a task’s maxCpuCount relaxes the looping limit', async () => {
    add('sleep 1', { maxCpuCount: 10 });
    await site.pilot([], { loopingLimit: 200 }).run();
    expect(site.server.finals[0]).toMatchObject({ state: 'finished' });
  });

  it('PILOT-monitor-14 ends the payload when pilot_kill_payload appears', async () => {
    add('touch ../pilot_kill_payload; sleep 300');
    await site.pilot().run();
    expect(site.server.finals[0]).toMatchObject({ state: 'failed', pilotErrorCode: '1363' });
  });

  it('PILOT-main-22 ends a job at its own limit or the queue’s, whichever applies', async () => {
    site.server.queueData = queueRecord({ params: { pilot_walltime_grace: 1 } });
    add('sleep 300', { maxWalltime: 1 });
    expect(await site.pilot().run()).toBe(0);
    expect(site.server.finals[0]).toMatchObject({ state: 'failed', pilotErrorCode: '1213' });
  });

  it('kills a payload above the queue’s memory limit', async () => {
    site.server.queueData = queueRecord({ maxrss: 30 });
    add(`node -e "const a=[];setInterval(()=>a.push(Buffer.alloc(2e7,1)),10)"`);
    await site.pilot([], { memoryGrace: 2 }).run();
    expect(site.server.finals[0]).toMatchObject({ state: 'failed', pilotErrorCode: '1235' });
  });

  it('PILOT-monitor-03 PILOT-monitor-07 ends a payload whose output grows beyond the limit', async () => {
    const job = withOutput(jobRecord(site.server.url, ''), 'truncate -s 2G ../o.1; sleep 300', 'o', 'o.1');
    site.server.jobs.push(job);
    await site.pilot([], { outputMaxGb: 1 }).run();
    expect(site.server.finals[0]).toMatchObject({ state: 'failed', pilotErrorCode: '1124' });
  });

  it('PILOT-main-25 ends a job that nobody can look after any more, and the pilot cleanly', async () => {
    add('rm -rf ../../PanDA_Pilot-*; sleep 300');
    expect(await site.pilot().run()).toBe(exitCodes.ok);
    expect(site.server.finals[0]).toMatchObject({ state: 'failed', xml: '' });
    expect(site.spooled()).toEqual([]);
  });

  it('PILOT-job-08 goes from starting to running without stage-in when there is no input', async () => {
    add('true');
    await site.pilot().run();
    expect(states(site).slice(0, 2)).toEqual(['starting', 'running']);
    expect(site.server.finals[0]?.pilotTiming?.split('|')[1]).toBe('0');
    expect(site.log.join('')).not.toContain('staged in');
  });

  it('gives up a log that takes too long to pack, and tells 1376', async () => {
    const bin = `${site.root}/bin`;
    mkdirSync(bin);
    writeFileSync(`${bin}/tar`, '#!/bin/sh\nexec sleep 300\n', { mode: 0o755 });
    add('true');
    await site.pilot([], { logTimeout: 100 }, { PATH: `${bin}:/usr/bin:/bin` }).run();
    expect(site.server.finals[0]).toMatchObject({ state: 'failed', pilotErrorCode: '1376' });
    expect(site.leftovers()).toEqual([]);
  });

  it('looks at the payload with gdb and ends it afterwards', async () => {
    const bin = `${site.root}/bin`;
    mkdirSync(bin);
    // Stands in for the debugger: says what it was asked.
    writeFileSync(`${bin}/gdb`, '#!/bin/sh\necho "asked: $*"; kill -0 "$2" && echo alive\n', { mode: 0o755 });
    const marker = `${site.root}/started`;
    add(`touch ${marker}; sleep 300`);
    const running = site.pilot([], {}, { PATH: `${bin}:/usr/bin:/bin` }).run();
    await appears(marker);
    site.server.commands.push('gdb --pid % -ex generate-core-file');
    await running;
    expect(site.server.finals[0]).toMatchObject({ state: 'failed', pilotErrorCode: '1144' });
    expect(site.server.finals[0]?.stdout).toMatch(/asked: --pid \d+ -ex generate-core-file\nalive/);
  });

  it.each([
    ['PILOT-monitor-05 stdout', 'yes | head -c 3000000; sleep 300', { stdoutMaxMb: 1 }, '1106'],
    ['PILOT-monitor-06 the work directory', 'head -c 9000000 /dev/zero > ../big; sleep 300', {}, '1104'],
    ['PILOT-monitor-04 the disk', 'sleep 300', { freeSpaceRunMb: 2 ** 40 }, '1098'],
  ])('ends a payload when %s passes its limit', async (_what, command, config, code) => {
    site.server.queueData = queueRecord({ maxwdir: 5 });
    add(command);
    await site.pilot([], config).run();
    expect(site.server.finals[0]).toMatchObject({ state: 'failed', pilotErrorCode: code });
  });

  it('PILOT-metrics-11 PILOT-monitor-12 PILOT-job-12 measures memory, I/O and CPU of everything the payload starts', async () => {
    // 1.6 s of CPU time, however fast the machine is.
    add(`sh -c 'node -e "for (let u; (u = process.cpuUsage()).user + u.system < 1.6e6; );"'; sleep 1.3`);
    await site.pilot().run();
    const [final] = site.server.finals;
    expect(final).toMatchObject({ state: 'finished', coreCount: '1' });
    expect(Number(final?.cpuConsumptionTime)).toBeGreaterThanOrEqual(1);
    expect(Number(final?.meanCoreCount)).toBeGreaterThan(0);
    for (const name of ['maxRSS', 'maxPSS', 'maxVMEM', 'avgRSS', 'totRCHAR']) expect(Number(final?.[name])).toBeGreaterThan(0);
    expect(final?.jobMetrics).toMatch(/^coreCount=1 .*workDirSize=\d+/);
  });

  it('PILOT-job-16 shows the newest output of a job in debug mode, and PILOT-job-15 runs the command the server asks for', async () => {
    add('echo visible; sleep 300', { debug: 'True' });
    const running = site.pilot().run();
    await site.server.update((update) => update.stdout?.includes('visible') ?? false);
    site.server.commands.push('ls -l workDir');
    await site.server.update((update) => update.stdout?.includes('trf.exec.sh') ?? false);
    site.server.commands.push('tail ../../../../etc/passwd');
    await site.server.update((update) => update.stdout?.includes('outside the job directory') ?? false);
    site.server.commands.push('tobekilled');
    await running;
    expect(site.server.finals[0]).toMatchObject({ pilotErrorCode: '1144' });
  });

  it('PILOT-payload-03 loads transforms from allowed servers only', async () => {
    add('true', { transformation: 'http://127.0.0.1:1/trf/user/runGen-00-00-02' });
    await site.pilot().run();
    expect(site.server.finals[0]).toMatchObject({ state: 'failed', pilotErrorCode: '1149' });
  });

  it('BASIC-38 PILOT-main-14 takes further jobs until the queue’s time floor, from the same task when it was told so', async () => {
    site.server.queueData = queueRecord({ timefloor: 60 });
    add('true');
    add('true');
    expect(await site.pilot().run()).toBe(0);
    expect(site.server.finals.map((final) => final.state)).toEqual(['finished', 'finished']);
    const asked = site.server.requests.filter(({ method }) => method === 'getJob').map(({ fields }) => fields.taskID);
    expect(asked).toEqual([undefined, '42', '42']);
  });

  it('PILOT-job-01 PILOT-http-03 asks for a job with what the worker node and its queue are', async () => {
    expect(await site.pilot(['--country-group', 'us', '--allow-other-country', 'True', '--resource-type', 'SCORE']).run()).toBe(
      exitCodes.noJobs,
    );
    const [request] = site.server.requests.filter(({ method }) => method === 'getJob');
    expect(request?.fields).toMatchObject({
      siteName: 'TEST_PQ',
      computingElement: 'TEST_PQ',
      prodSourceLabel: 'user',
      workingGroup: '',
    });
    expect(request?.fields).toMatchObject({ countryGroup: 'us', allowOtherCountry: 'True', resourceType: 'SCORE' });
    for (const name of ['diskSpace', 'cpu', 'mem']) expect(Number(request?.fields[name])).toBeGreaterThanOrEqual(0);
    expect(request?.headers['user-agent']).toMatch(/^pilot\/\d/);
    expect(request?.headers.accept).toBe('application/json');
  });

  it('speaks gzip-compressed JSON as pilot3 when told so', async () => {
    add('true');
    expect(await site.pilot([], { wire: 'json' }).run()).toBe(0);
    expect(site.server.finals[0]).toMatchObject({ state: 'finished' });
    expect(site.server.requests.find(({ method }) => method === 'updateJob')?.headers['content-type']).toBe('application/json');
  });

  it('tells the server when the pilot of a worker starts and ends', async () => {
    await site.pilot([], { harvesterId: 'h1', workerId: '77' }).run();
    const told = site.server.requests.filter(({ method }) => method === 'updateWorkerPilotStatus').map(({ fields }) => fields);
    expect(told).toMatchObject([
      { status: 'started', workerID: '77', harvesterID: 'h1', site: 'TEST_PQ' },
      { status: 'finished', workerID: '77' },
    ]);
  });

  it.each([
    [{ state: 'INACTIVE' }, exitCodes.queueNotActive],
    [{ status: 'offline' }, exitCodes.queueNotOnline],
  ])('PILOT-info-09 takes no job for a queue that is %j', async (changes, code) => {
    site.server.queueData = queueRecord(changes);
    add('true');
    expect(await site.pilot().run()).toBe(code);
    expect(site.server.jobs).toHaveLength(1);
  });

  it('PILOT-job-19 reports a job it cannot understand instead of dropping it', async () => {
    add('true', { outFiles: 'a/b', logFile: 'x' });
    add('true', { outFiles: 'x'.repeat(300), logFile: 'y' });
    add('true', { inFiles: 'a,b', scopeIn: 's' });
    for (let i = 0; i < 3; i++) expect(await site.pilot().run()).toBe(0);
    expect(site.server.finals.map((final) => final.pilotErrorCode)).toEqual(['1371', '1190', '1312']);
  });
});
