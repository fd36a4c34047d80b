import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { exitCodes } from './errors/exit-code.js';
import { isRunning } from './process/proc.js';
import { compilePilot, PilotProgram } from './testing/pilot-program.js';
import { jobRecord, PilotSite } from './testing/pilot-site.js';
import { appears } from './testing/worker-node.js';

// Real processes on a machine that may be busy.
jest.setTimeout(60_000);

describe('the process of a pilot', () => {
  let site: PilotSite;
  beforeAll(compilePilot, 60_000);
  beforeEach(async () => {
    site = await PilotSite.open();
  });
  afterEach(() => site.close());

  const addEndless = () => {
    const pidFile = `${site.root}/pid`;
    const job = jobRecord(site.server.url, `sleep 300 & echo $! >${pidFile}.part; mv ${pidFile}.part ${pidFile}; wait`);
    site.server.jobs.push(job);
    return { job, pidFile, pid: () => Number(readFileSync(pidFile, 'utf8')) };
  };

  it('PILOT-main-01 runs a job and exits 0; without any it exits 82', async () => {
    site.server.jobs.push(jobRecord(site.server.url, 'true'));
    const quiet = PilotProgram.start(site);
    expect(await quiet.end()).toBe(exitCodes.ok);
    expect(await PilotProgram.start(site).end()).toBe(exitCodes.noJobs);
    expect(site.server.finals).toMatchObject([{ state: 'finished' }]);
    site.server.jobs.push(jobRecord(site.server.url, 'true'));
    const debugged = PilotProgram.start(site, ['-d']);
    expect(await debugged.end()).toBe(exitCodes.ok);
    expect([quiet, debugged].map(({ output }) => output.join('').includes('| DEBUG   |'))).toEqual([false, true]);
  });

  it('PILOT-files-08 writes its log as key=value pairs when told so', async () => {
    const pilot = PilotProgram.start(site, [], { PANDA_PILOT_LOG_FORMAT: 'keys' });
    await pilot.end();
    expect(pilot.output.join('')).toMatch(/^time=\S+ level=INFO msg="pilot started" /);
    const plain = PilotProgram.start(site);
    await plain.end();
    expect(plain.output.join('')).toMatch(/^\S+ \| INFO {4}\| pilot started \| /);
  });

  it.each([
    ['SIGTERM', '1201', 143],
    ['SIGINT', '1208', 130],
    ['SIGQUIT', '1202', 131],
    ['SIGSEGV', '1203', 139],
    ['SIGXCPU', '1204', 152],
    ['SIGUSR1', '1207', 138],
    ['SIGBUS', '1206', 135],
  ] as const)(
    'PILOT-main-23 on %s fails the job with %s, ends its payload, reports, tidies up and exits %i',
    async (signal, code, exitCode) => {
      const { pidFile, pid } = addEndless();
      const pilot = PilotProgram.start(site);
      await appears(pidFile);
      pilot.kill(signal);
      expect(await pilot.end()).toBe(exitCode);
      expect(site.server.finals).toMatchObject([{ state: 'failed', pilotErrorCode: code }]);
      expect(isRunning(pid())).toBe(false);
      expect(site.leftovers()).toEqual([]);
    },
  );

  it('leaves a job behind when it is killed hard; the next pilot ends the payload and reports the job as lost', async () => {
    const { job, pidFile, pid } = addEndless();
    const pilot = PilotProgram.start(site);
    await appears(pidFile);
    pilot.kill('SIGKILL');
    await pilot.end();
    expect(isRunning(pid())).toBe(true);
    expect(await PilotProgram.start(site).end()).toBe(exitCodes.noJobs);
    expect(site.server.finals).toMatchObject([{ jobId: String(job.PandaID), state: 'failed', pilotErrorCode: '1319' }]);
    expect(isRunning(pid())).toBe(false);
    expect(site.spooled()).toEqual([]);
  });

  it.each([
    [['--pilot-user', 'nobody'], '--pilot-user nobody is unknown'],
    [['-w', 'dance'], 'no such workflow'],
    [['-l', 'soon'], 'not a whole number'],
    [['--no-such-option'], 'no-such-option'],
  ])('PILOT-main-03 refuses %j with a sentence and code 65', async (options, sentence) => {
    const pilot = PilotProgram.start(site, options);
    expect(await pilot.end()).toBe(exitCodes.general);
    expect(pilot.output.join('')).toContain(sentence);
  });

  it('PILOT-main-18 says what it is and where it runs', async () => {
    const pilot = PilotProgram.start(site);
    await pilot.end();
    expect(pilot.output.join('')).toMatch(
      /pilot started .*version=\S+ queue=TEST_PQ node=\S+ [\s\S]*worker node .*cores=\d+ cpuModel=.*memoryMb=\d+ platform=\S+ arch=\S+/,
    );
  });

  it('does not let the payload see the pilot’s credentials', async () => {
    const file = `${site.root}/env`;
    site.server.jobs.push(jobRecord(site.server.url, `env > ${file}`));
    await PilotProgram.start(site, [], {
      PANDA_AUTH_ORIGIN: 'wlcg.pilot',
      DATABASE_URL: 'postgresql://secret',
      VISIBLE: 'yes',
    }).end();
    const seen = readFileSync(file, 'utf8');
    expect(seen).toContain('VISIBLE=yes');
    expect(seen).not.toMatch(/PANDA_AUTH_ORIGIN|secret/);
  });
});
