import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { adler32 } from 'hash-wasm';
import { exitCodes } from './errors/exit-code.js';
import { pilotKeys } from './pilot.config.js';
import { isRunning } from './process/proc.js';
import type { JobState } from './report/job-state.js';
import { DocumentedServer } from './testing/documented-server.js';
import { HastyClock } from './testing/hasty-clock.js';
import { jobRecord, PilotSite, queueRecord, storageRecord, withInput, withOutput } from './testing/pilot-site.js';
import { appears, execute } from './testing/worker-node.js';
import { PILOT_VERSION } from './version.js';

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

  it('PILOT-job-09 PILOT-data-out-03 PILOT-main-03 runs a job from starting to finished and reports its files as pilots do', async () => {
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

  it('PILOT-data-out-16 PILOT-payload-05 packs a log with the payload’s output and its own log, without inputs, outputs and secrets', async () => {
    site.store('in.1', 'x');
    const command = 'echo said; echo more >&2; cp %IN o; ln -s nowhere ../broken; echo x > ../a.lib.tgz; echo x > ../x509up';
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
    for (const absent of ['in.1', 'o.1', 'panda_secrets.json', 'broken', 'a.lib.tgz', 'x509up'])
      expect(names).not.toContain(absent);
    const member = async (name: string) => {
      const path = `tarball_PandaJob_${job.PandaID}_TEST_PQ/${name}`;
      return (await execute('tar', ['-xzOf', site.storedPath(String(job.logFile)), path], site.root)).stdout;
    };
    expect(await member('payload.stdout')).toContain('said\n');
    expect(await member('payload.stderr')).toContain('more\n');
    expect(site.leftovers()).toEqual([]);
    expect(listing.stdout).toContain(`tarball_PandaJob_${job.PandaID}_TEST_PQ/`);
  });

  it('PILOT-data-out-16 PILOT-job-21 fails a job whose log cannot be packed with 1320, after what failed before', async () => {
    const bin = `${site.root}/bin`;
    mkdirSync(bin);
    writeFileSync(`${bin}/tar`, '#!/bin/sh\nexit 2\n', { mode: 0o755 });
    const variables = { PATH: `${bin}:/usr/bin:/bin` };
    add('true');
    await site.pilot([], {}, variables).run();
    add('exit 3');
    await site.pilot([], {}, variables).run();
    expect(site.server.finals).toMatchObject([
      { state: 'failed', pilotErrorCode: '1320' },
      { state: 'failed', pilotErrorCode: '1305' },
    ]);
    expect(site.log.join('')).toContain('failures=[1305,1320]');
  });

  it('CLI-secrets-06 gives the payload the secrets of its owner in its work directory', async () => {
    const command = 'cat panda_secrets.json > o';
    const job = jobRecord(site.server.url, command, { secrets: '{"K":"v"}' });
    site.server.jobs.push(withOutput(job, command, 'o', 'o.1'));
    await site.pilot().run();
    expect(site.server.finals[0]).toMatchObject({ state: 'finished' });
    expect(site.stored('o.1')).toBe('{"K":"v"}');
  });

  it('PILOT-payload-07 PILOT-data-out-03 reports a failing payload with its exit code, its words and its log, and exits 0', async () => {
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

  it('PILOT-data-out-05 tells missing, empty, too large and unwritable outputs apart', async () => {
    addWithOutput('true');
    addWithOutput(': > o');
    await site.pilot().run();
    await site.pilot().run();
    expect(site.server.finals.map((final) => final.pilotErrorCode)).toEqual(['1165', '1191']);
    addWithOutput('truncate -s 2G o');
    await site.pilot([], { outputMaxGb: 1 }).run();
    expect(site.server.finals[2]).toMatchObject({ state: 'failed', pilotErrorCode: '1124' });
    // A storage whose folder is a file.
    writeFileSync(`${site.root}/block`, '');
    site.server.storageData = storageRecord(`${site.root}/block`);
    addWithOutput('echo x > o');
    await site.pilot([], { home: `${site.root}/other` }).run();
    expect(site.server.finals[3]).toMatchObject({ state: 'failed', pilotErrorCode: '1137' });
  });

  it('PILOT-data-in-10 PILOT-data-out-13 fails a job whose output is another one at the storage, as xrdcp tells', async () => {
    const bin = `${site.root}/bin`;
    mkdirSync(bin);
    // Stands in for xrdcp, which prints the checksum of what arrived.
    const script = `#!/bin/sh\necho "$@" >> ${site.root}/called\necho "adler32: 0bad0bad root://se//o 2"\n`;
    writeFileSync(`${bin}/xrdcp`, script, { mode: 0o755 });
    const [name = '', record] = Object.entries(storageRecord('/'))[0] ?? [];
    const protocol = [{ id: 1, endpoint: 'root://se/', path: '/data/' }];
    const arprotocols = { read_lan: protocol, write_lan: protocol, pw: protocol };
    site.server.storageData = { [name]: { ...(record as object), arprotocols } };
    site.server.queueData = queueRecord({ acopytools: { pw: ['xrdcp'] } });
    addWithOutput('echo x > o');
    await site.pilot([], { transferAttempts: 2 }, { PATH: `${bin}:/usr/bin:/bin` }).run();
    expect(site.server.finals[0]).toMatchObject({ state: 'failed', pilotErrorCode: '1172', xml: '' });
    const called = readFileSync(`${site.root}/called`, 'utf8').split('\n');
    expect(called[0]).toMatch(/^-np -f --cksum adler32:print \S+\/o\.1 root:\/\/se\/\/data\/user\/alice\//);
    expect(called[1]).toBe(called[0]);
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

  it('PILOT-job-13 turns debugging on and off again when the server says so; softkill leaves a job to its end', async () => {
    const gate = `${site.root}/gate`;
    const command = `echo visible; until [ -e ${gate} ]; do sleep 0.02; done`;
    add(command);
    const running = site.pilot().run();
    /** The first update after this moment that is wanted. */
    const next = (wanted: (update: Readonly<Record<string, string>>) => boolean) => {
      const seen = site.server.updates.length;
      return site.server.update((update) => site.server.updates.indexOf(update) >= seen && wanted(update));
    };
    site.server.commands.push('softkill', 'debug');
    await next((update) => update.stdout?.includes('visible') ?? false);
    site.server.commands.push('debugoff');
    await next((update) => update.state === 'running' && update.stdout === undefined);
    await next((update) => update.state === 'running' && update.stdout === undefined);
    writeFileSync(gate, '');
    expect(await running).toBe(0);
    expect(site.server.finals).toMatchObject([{ state: 'finished' }]);
    expect(site.server.commands).toEqual([]);
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
    // maxtime of the queue, then the life of the pilot; less their reserve both are over at once.
    for (const [maxtime, options] of [
      [181, []],
      [0, ['-l', '181']],
    ] as const) {
      site.server.queueData = queueRecord({ maxtime });
      add('sleep 300');
      expect(await site.pilot(options, { home: `${site.root}/${maxtime}` }).run()).toBe(0);
    }
    expect(site.server.finals.map(({ state, pilotErrorCode }) => [state, pilotErrorCode])).toEqual(
      Array.from({ length: 3 }, () => ['failed', '1213']),
    );
  });

  it('PILOT-main-04 takes no job when its life is over', async () => {
    add('true');
    expect(await site.pilot(['-l', '0']).run()).toBe(exitCodes.noJobs);
    expect(site.server.jobs).toHaveLength(1);
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
  ])('PILOT-monitor-03 ends a payload when %s passes its limit', async (_what, command, config, code) => {
    site.server.queueData = queueRecord({ maxwdir: 5 });
    add(command);
    await site.pilot([], config).run();
    expect(site.server.finals[0]).toMatchObject({ state: 'failed', pilotErrorCode: code });
  });

  it('PILOT-monitor-04 takes no job when the disk has too little space', async () => {
    add('true');
    expect(await site.pilot([], { freeSpaceStartMb: 2 ** 40 }).run()).toBe(exitCodes.noSpace);
    expect(site.server.jobs).toHaveLength(1);
  });

  it.each([
    ['looping', { loopingPeriod: 50, diskPeriod: 3_600_000 }, '1150'],
    ['disk', { loopingPeriod: 3_600_000, diskPeriod: 50 }, '1106'],
  ])('PILOT-monitor-16 runs each check by its own period: %s', async (_check, periods, code) => {
    // Silent, and with too much output: what is looked at ends it.
    add('yes | head -c 3000000; sleep 300');
    await site.pilot([], { ...periods, loopingLimit: 200, stdoutMaxMb: 1 }).run();
    expect(site.server.finals[0]).toMatchObject({ state: 'failed', pilotErrorCode: code });
  });

  it('PILOT-metrics-04 reports how long request, stage-in, payload, stage-out and setups took', async () => {
    const bin = `${site.root}/bin`;
    mkdirSync(bin);
    // A copy program whose first try fails; the pause after it is what a transfer takes.
    for (const name of ['lsm-get', 'lsm-put']) {
      const script = `#!/bin/sh\n[ -e ${bin}/${name}.tried ] || { touch ${bin}/${name}.tried; exit 1; }\nmkdir -p "$(dirname "\${2#file://localhost}")"; cp "\${1#file://localhost}" "\${2#file://localhost}"\n`;
      writeFileSync(`${bin}/${name}`, script, { mode: 0o755 });
    }
    site.server.queueData = queueRecord({ acopytools: { pr: ['lsm'], pw: ['lsm'], pl: ['lsm'] } });
    site.store('in.1', 'x');
    site.server.jobs.push(withInput(jobRecord(site.server.url, 'true'), 'in.1', 1, ''));
    const clock = new HastyClock([91_000]);
    const tookS: Record<string, number> = { 'TEST_PQ.all.json': 30, getJob: 50, 'ddmendpoints.json': 70, 'runGen-00-00-02': 110 };
    site.server.asked = (method) => clock.moveOn(1_000 * (tookS[method] ?? 0));
    await site.pilot([], { transferPause: 91_000, transferAttempts: 2 }, { PATH: `${bin}:/usr/bin:/bin` }, clock).run();
    const [final] = site.server.finals;
    expect(final).toMatchObject({ state: 'finished' });
    // What else it does takes less than ten seconds each.
    const tens = final?.pilotTiming?.split('|').map((seconds) => Math.floor(Number(seconds) / 10) * 10);
    expect(tens).toEqual([50, 90, 110, 90, 30, 70]);
  });

  it.each([
    ['60 s', ['-v', '3'], [60_000, 60_000]],
    ['1 s in Harvester mode', ['-v', '3', '-z', '--harvester-workdir', 'access'], [1_000, 1_000]],
  ])('PILOT-job-03 waits %s between requests for a job', async (_pause, options, pauses) => {
    const clock = new HastyClock([60_000, 1_000]);
    const { getJobPause } = pilotKeys.with({});
    const given = options.map((word) => (word === 'access' ? `${site.root}/access` : word));
    expect(await site.pilot(given, { getJobPause }, undefined, clock).run()).toBe(exitCodes.noJobs);
    expect(clock.skipped).toEqual(pauses);
  });

  it('PILOT-job-11 PILOT-metrics-06 tells ids, errors, memory, timing, log, metrics and metadata', async () => {
    add(`echo '{"exitCode": 7}' > jobReport.json; echo "ERROR: no luck" >&2; sleep 1.2; exit 3`);
    const ids = { schedulerId: 'harvester-7', logUrl: 'https://logs.example/7' };
    await site.pilot([], ids, { PATH: '/usr/bin:/bin', SLURM_JOB_ID: '99' }).run();
    const [final] = site.server.finals;
    expect(final).toMatchObject({
      schedulerID: 'harvester-7',
      batchID: '99',
      pilotID: `https://logs.example/7|Slurm|PR|${PILOT_VERSION}`,
      state: 'failed',
      pilotErrorCode: '1305',
      pilotErrorDiag: expect.stringContaining('no luck'),
      transExitCode: '3',
      exeErrorCode: '7',
      pilotTiming: expect.stringMatching(/^\d+(\|\d+){5}$/),
      pilotLog: expect.stringContaining('the payload failed'),
      jobMetrics: expect.stringMatching(/^coreCount=1 /),
      metaData: '{"exitCode": 7}\n',
    });
    expect(Number(final?.maxPSS)).toBeGreaterThan(0);
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

  it('goes on with its job, and with the next debug command, when one breaks', async () => {
    const [blocked, gate] = [`${site.root}/blocked`, `${site.root}/gate`];
    const until = (file: string) => `until [ -e ${file} ]; do sleep 0.02; done`;
    // A directory where the command's output would be written.
    add(
      `mkdir ../.debug.output; touch ${blocked}; ${until(gate)}; rmdir ../.debug.output; touch ${gate}.2; ${until(`${gate}.3`)}`,
    );
    const running = site.pilot().run();
    await appears(blocked);
    site.server.commands.push('ls -l workDir');
    await site.server.update(() => site.log.some((line) => line.includes('a debug command broke')));
    writeFileSync(gate, '');
    await appears(`${gate}.2`);
    site.server.commands.push('ls -l workDir');
    await site.server.update((update) => update.stdout?.includes('trf.exec.sh') ?? false);
    writeFileSync(`${gate}.3`, '');
    expect(await running).toBe(0);
    expect(site.server.finals).toMatchObject([{ state: 'finished' }]);
  });

  it('PILOT-payload-03 loads transforms from allowed servers only', async () => {
    // One that would deliver it.
    const other = await DocumentedServer.open();
    add('true', { transformation: `${other.url}/trf/user/runGen-00-00-02` });
    await site.pilot().run();
    expect(site.server.finals[0]).toMatchObject({ state: 'failed', pilotErrorCode: '1149' });
    expect(other.requests).toEqual([]);
    add('true', { transformation: `${other.url}/trf/user/runGen-00-00-02` });
    await site.pilot(['-g', `${other.url}/trf/user`]).run();
    await other.close();
    expect(site.server.finals[1]).toMatchObject({ state: 'finished' });
  });

  it('BASIC-38 PILOT-main-14 takes further jobs until the queue’s time floor, from the same task when it was told so', async () => {
    site.server.queueData = queueRecord({ timefloor: 60 });
    add('true');
    add('true');
    expect(await site.pilot().run()).toBe(0);
    expect(site.server.finals.map((final) => final.state)).toEqual(['finished', 'finished']);
    const asked = site.server.requests.filter(({ method }) => method === 'getJob').map(({ fields }) => fields.taskID);
    expect(asked).toEqual([undefined, '42', '42']);
    site.server.requests.length = 0;
    add('true');
    add('true');
    await site.pilot(['--allow_same_user', 'False']).run();
    const free = site.server.requests.filter(({ method }) => method === 'getJob').map(({ fields }) => fields.taskID);
    expect(free).toEqual([undefined, undefined, undefined]);
  });

  it('PILOT-job-01 PILOT-http-03 PILOT-metrics-05 asks for a job with what the worker node and its queue are', async () => {
    const options = ['--country-group', 'us', '--allow-other-country', 'True', '--resource-type', 'SCORE'];
    const pilot = site.pilot(options, { hostName: 'wn7' }, { _CONDOR_SLOT: 'slot1_3' });
    expect(await pilot.run()).toBe(exitCodes.noJobs);
    const [request] = site.server.requests.filter(({ method }) => method === 'getJob');
    expect(request?.fields).toMatchObject({
      siteName: 'TEST_PQ',
      computingElement: 'TEST_PQ',
      prodSourceLabel: 'user',
      workingGroup: '',
      node: 'slot1_3@wn7',
    });
    expect(request?.fields).toMatchObject({ countryGroup: 'us', allowOtherCountry: 'True', resourceType: 'SCORE' });
    expect(request?.fields.cpu).toMatch(/^\d+(\.\d+)?$/);
    expect(Number(request?.fields.mem)).toBeCloseTo(totalmem() / 1_048_576, 0);
    // In MB, and no more than the queue gives a job.
    expect(Number(request?.fields.diskSpace)).toBeGreaterThan(0);
    expect(Number(request?.fields.diskSpace)).toBeLessThanOrEqual(20_000);
    expect(request?.headers['user-agent']).toMatch(/^pilot\/\d/);
    expect(request?.headers.accept).toBe('application/json');
  });

  it.each([
    ['PILOT-main-07', ['-j', 'managed'], { prodSourceLabel: 'managed' }],
    ['PILOT-main-07', ['-j', 'test'], { prodSourceLabel: 'test' }],
    ['PILOT-main-08', ['-i', 'RC'], { prodSourceLabel: 'rc_test2' }],
    ['PILOT-main-12', ['--country_group', 'us', '--working_group', 'higgs'], { countryGroup: 'us', workingGroup: 'higgs' }],
  ])('%s asks for a job as %j tell', async (_id, options, fields) => {
    expect(await site.pilot(options).run()).toBe(exitCodes.noJobs);
    expect(site.server.requests.find(({ method }) => method === 'getJob')?.fields).toMatchObject(fields);
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
