import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { pilotErrors } from '@panda/domain';
import { exitCodes } from './errors/exit-code.js';
import { jobRecord, PilotSite, queueRecord, withInput, withOutput } from './testing/pilot-site.js';
import { appears, execute } from './testing/worker-node.js';

// Real processes on a machine that may be busy.
jest.setTimeout(60_000);

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
  const place = (dir: string, name: string, text: string) => {
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, name), text);
  };
  const json = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;

  describe('in Harvester mode', () => {
    const access = () => join(site.root, 'access');
    const options = () => ['-z', '--harvester-workdir', access(), '--harvester-submit-mode', 'PUSH', '-v', '3'];
    const pushed = () =>
      withOutput(
        jobRecord(site.server.url, ''),
        'echo x > o; echo "{\\"executor\\": [1], \\"n\\": 2}" > jobReport.json',
        'o',
        'o.1',
      );

    it('PILOT-harvester-01 PILOT-job-02 takes the job that Harvester placed, once, without a word to the server', async () => {
      const { PandaID, ...job } = pushed();
      place(access(), 'HPCJobs.json', JSON.stringify({ [String(PandaID)]: job }));
      expect(await site.pilot(options()).run()).toBe(exitCodes.ok);
      expect(site.server.requests.filter(({ method }) => ['getJob', 'updateJob'].includes(method))).toEqual([]);
      expect(existsSync(join(access(), 'HPCJobs.json'))).toBe(false);
      expect(site.stored('o.1')).toBe('x\n');
    });

    it('PILOT-harvester-03 PILOT-harvester-04 PILOT-harvester-05 PILOT-harvester-06 leaves work report, files, job report and the word to end', async () => {
      const { PandaID, ...job } = pushed();
      place(access(), 'HPCJobs.json', JSON.stringify({ [String(PandaID)]: job }));
      await site.pilot(options()).run();
      expect(json(join(access(), 'worker_attributes.json'))).toMatchObject({
        jobStatus: 'finished',
        jobId: String(PandaID),
        pilotErrorCode: 0,
      });
      expect(json(join(access(), 'event_status.dump.json'))).toEqual({
        [String(PandaID)]: [
          {
            eventStatus: 'finished',
            path: site.storedPath('o.1'),
            type: 'output',
            fsize: 2,
            guid: expect.any(String),
            chksum: expect.any(String),
          },
          expect.objectContaining({ path: site.storedPath(String(job.logFile)), type: 'log' }),
        ],
      });
      expect(json(join(access(), 'jobReport.json'))).toEqual({ n: 2 });
      expect(readFileSync(join(access(), 'kill_worker'), 'utf8')).toBe('');
    });

    it('PILOT-harvester-02 PILOT-job-02 asks for a job and takes it when it comes', async () => {
      const running = site.pilot(options().with(-1, '500')).run();
      await appears(join(access(), 'worker_requestjob.json'));
      expect(json(join(access(), 'worker_requestjob.json'))).toEqual({ nJobs: 1 });
      const { PandaID, ...job } = pushed();
      place(access(), 'HPCJobs.json.new', JSON.stringify({ [String(PandaID)]: job }));
      renameSync(join(access(), 'HPCJobs.json.new'), join(access(), 'HPCJobs.json'));
      expect(await running).toBe(exitCodes.ok);
      expect(existsSync(join(access(), 'worker_requestjob.json'))).toBe(false);
    });

    it('PILOT-job-05 takes one job only when jobs are pushed, whatever the queue’s time floor', async () => {
      site.server.queueData = queueRecord({ timefloor: 60 });
      const [first, second] = [pushed(), pushed()];
      const pushedJob = ({ PandaID, ...job }: Record<string, unknown>) => JSON.stringify({ [String(PandaID)]: job });
      place(access(), 'HPCJobs.json', pushedJob(first));
      place(site.home, 'HPCJobs.json', pushedJob(second));
      expect(await site.pilot(options()).run()).toBe(exitCodes.ok);
      expect(existsSync(join(site.home, 'HPCJobs.json'))).toBe(true);
    });

    it('PILOT-files-07 ends with an error for a job file that cannot be understood or read', async () => {
      place(access(), 'HPCJobs.json', '{"1": {');
      expect(await site.pilot(options()).run()).toBe(1);
      expect(site.log.join('')).toContain(pilotErrors.CONVERSIONFAILURE.message);
      rmSync(join(access(), 'HPCJobs.json'));
      mkdirSync(join(access(), 'HPCJobs.json'));
      expect(await site.pilot(options()).run()).toBe(1);
      expect(site.log.join('')).toContain(pilotErrors.FILEHANDLINGFAILURE.message);
    });

    it('PILOT-harvester-07 publishes each update there, and to the server where that is allowed', async () => {
      // The payload goes on when it has seen itself running there.
      const running = `until grep -q '"jobStatus":"running"' ${access()}/worker_attributes.json; do sleep 0.02; done; echo x > o`;
      const { PandaID, ...job } = withOutput(jobRecord(site.server.url, ''), running, 'o', 'o.1');
      place(access(), 'HPCJobs.json', JSON.stringify({ [String(PandaID)]: job }));
      await site.pilot(options().slice(1), { harvesterId: 'h' }).run();
      expect(site.server.finals).toMatchObject([{ state: 'finished', jobId: String(PandaID) }]);
      expect(json(join(access(), 'worker_attributes.json'))).toMatchObject({ jobStatus: 'finished' });
    });
  });

  it('PILOT-job-22 writes its heartbeats to a file when server updates are off', async () => {
    place(
      site.home,
      'pandaJobData.out',
      new URLSearchParams(jobRecord(site.server.url, 'true') as Record<string, string>).toString(),
    );
    expect(await site.pilot(['-z']).run()).toBe(exitCodes.ok);
    expect(json(join(site.home, 'heartbeat.json'))).toMatchObject({ state: 'finished', transExitCode: 0 });
    expect(site.server.updates).toEqual([]);
  });

  it('PILOT-payload-04 PILOT-payload-06 PILOT-payload-21 tells the payload who it is', async () => {
    site.store('in.1', 'x');
    const command = 'env > ../../../env.txt';
    const job = withInput(jobRecord(site.server.url, command, { coreCount: 4 }), 'in.1', 1, '');
    site.server.jobs.push(job);
    await site.pilot().run();
    const env = readFileSync(join(site.root, 'env.txt'), 'utf8').split('\n');
    const expected = [
      `PANDAID=${job.PandaID}`,
      'PanDA_TaskID=42',
      'PanDA_AttemptNr=1',
      'PANDA_RESOURCE=TEST_PQ',
      'SITE_NAME=TEST_SITE',
      'RUCIO_APPID=panda-client-1.4.93-jedi-run',
      'ATHENA_PROC_NUMBER=4',
      'MAKEFLAGS=-j4',
      'INDS=ds.in/',
    ];
    expect(env).toEqual(expect.arrayContaining(expected));
  });

  it('runs pre- and postprocess around the payload and keeps what they said', async () => {
    const trf = `${site.server.url}/trf/user/runGen-00-00-02`;
    const args = '-j "" -r . -p "echo%20main%20%3E%20o" -o "{\'o\': \'o.1\'}"';
    const steps = {
      preprocess: { command: trf, args: `--preprocess ${args}` },
      postprocess: { command: trf, args: `--postprocess ${args}` },
      containerOptions: { containerExec: '/bin/sh __run_main_exec.sh' },
    };
    site.server.jobs.push({ ...withOutput(jobRecord(site.server.url, ''), '', 'o', 'o.1'), ...steps, jobPars: '' });
    await site.pilot(['--cleanup', 'False']).run();
    expect(site.server.finals[0]).toMatchObject({ state: 'finished' });
    expect(site.stored('o.1')).toBe('main\n');
    const [dir = ''] = site.leftovers().filter((name) => name.startsWith('tarball_'));
    expect(readFileSync(join(site.home, dir, 'preprocess_stdout.txt'), 'utf8')).toContain('produced __run_main_exec.sh');
    expect(existsSync(join(site.home, dir, 'postprocess_stdout.txt'))).toBe(true);
  });

  it.each([
    ['preprocess', '1356'],
    ['postprocess', '1357'],
  ])('fails a job whose %s fails with %s', async (step, code) => {
    add('true', { [step]: { command: '/bin/sh', args: "-c 'exit 4'" } });
    await site.pilot().run();
    expect(site.server.finals[0]).toMatchObject({ state: 'failed', pilotErrorCode: code });
  });

  describe('on a queue with containers', () => {
    const tools = () => join(site.root, 'bin');
    const calls = () =>
      existsSync(join(site.root, 'calls')) ? readFileSync(join(site.root, 'calls'), 'utf8').trim().split('\n') : [];
    const run = () => site.pilot([], {}, { PATH: `${tools()}:/usr/bin:/bin` }).run();
    const image = '--containerImage docker://alpine';
    beforeEach(() => {
      for (const name of ['apptainer', 'singularity']) {
        // Stands in for the container program: says how it was called, then runs the command it was given.
        const script = `#!/bin/sh\necho ${name} "$@" >> ${site.root}/calls\nwhile [ "$1" != docker://alpine ]; do shift; done; shift; exec "$@"\n`;
        place(tools(), name, script);
        chmodSync(join(tools(), name), 0o755);
      }
    });

    it.each(['apptainer', 'singularity'])('PILOT-container-02 starts %s with image and bind list from catchall', async (tool) => {
      site.server.queueData = queueRecord({
        container_type: `${tool}:pilot`,
        catchall: 'singularity_options=x -B /data,/cvmfs',
      });
      const job = add('echo inside');
      job.jobPars = `${job.jobPars} ${image}`;
      await run();
      expect(site.server.finals[0]).toMatchObject({ state: 'finished' });
      const line = new RegExp(`^${tool} exec --pwd /srv -B \\S+:/srv,/data,/cvmfs docker://alpine \\./runGen-00-00-02 -j`);
      expect(calls()).toEqual([expect.stringMatching(line)]);
    });

    it('PILOT-container-01 puts the payload into its image, not its pre- and postprocess', async () => {
      site.server.queueData = queueRecord({ container_type: 'apptainer:pilot' });
      const step = { command: '/bin/sh', args: "-c 'true'" };
      const job = add('echo inside', { preprocess: step, postprocess: step });
      job.jobPars = `${job.jobPars} ${image}`;
      await run();
      expect(site.server.finals[0]).toMatchObject({ state: 'finished' });
      expect(calls()).toEqual([expect.stringContaining('docker://alpine ./runGen-00-00-02')]);
    });

    it.each([
      ['has no image', 'apptainer:pilot', ''],
      ['leaves containers to the wrapper', 'apptainer:wrapper', image],
      ['has no containers', '', image],
    ])('PILOT-container-01 runs the payload as it is where it %s', async (_case, types, parameters) => {
      site.server.queueData = queueRecord({ container_type: types });
      const job = add('echo outside');
      job.jobPars = `${job.jobPars} ${parameters}`;
      await run();
      expect(site.server.finals[0]).toMatchObject({ state: 'finished' });
      expect(calls()).toEqual([]);
    });
  });

  it('PILOT-container-08 tells that the container program is not there', async () => {
    site.server.queueData = queueRecord({ container_type: 'apptainer:pilot' });
    add('true', { container_name: 'docker://alpine' });
    await site.pilot([], {}, { PATH: '/usr/bin:/bin' }).run();
    expect(site.server.finals[0]).toMatchObject({ state: 'failed', pilotErrorCode: '1372' });
  });

  it('runs a program of the worker node as a payload', async () => {
    add('', {
      transformation: '/bin/sh',
      jobPars: `-c 'echo "$0" > o.1' word`,
      outFiles: 'o.1',
      logFile: '',
      scopeOut: 'user.alice',
      ddmEndPointOut: 'LOCAL_DISK',
      realDatasets: 'd',
    });
    await site.pilot().run();
    expect(site.server.finals[0]).toMatchObject({ state: 'finished' });
    expect(site.stored('o.1')).toBe('word\n');
  });

  it('PILOT-files-03 PILOT-job-29 PILOT-job-19 works in a directory of its own, readable by its group, and refuses a job that is running already', async () => {
    const marker = join(site.root, 'running');
    const job = add(`touch ${marker}; sleep 300`);
    const pilot = site.pilot();
    const running = pilot.run();
    await appears(marker);
    const dir = join(site.home, `PanDA_Pilot-${job.PandaID}`);
    expect(statSync(dir).mode & 0o777).toBe(0o770);
    site.server.jobs.push(job);
    expect(await site.pilot().run()).toBe(exitCodes.ok);
    expect(site.server.finals).toEqual([]);
    expect(site.log.join('')).toContain('Job is already running elsewhere');
    pilot.stop('SIGTERM');
    await running;
  });

  it('PILOT-main-02 PILOT-job-23 makes its work directory where it is told, and keeps a list of its jobs there', async () => {
    const job = add('true');
    await site.pilot(['-a', join(site.root, 'scratch')]).run();
    const [name = ''] = readdirSync(join(site.root, 'scratch'));
    expect(name).toMatch(/^PanDA_Pilot2_\d+_\d+$/);
    expect(readFileSync(join(site.root, 'scratch', name, 'pandaIDs.out'), 'utf8')).toBe(`${job.PandaID}\n`);
  });

  it('PILOT-data-out-07 sends the job report along and takes exit message, events and GUIDs from it', async () => {
    const report = {
      exitCode: 65,
      exitMsg: 'a warning',
      files: {
        input: [{ subFiles: [{ nentries: 30 }, { nentries: 12 }] }],
        output: [{ subFiles: [{ name: 'o.1', file_guid: 'AAAA-BBBB' }] }],
      },
    };
    const command = `echo '${JSON.stringify(report)}' > jobReport.json; echo x > o`;
    site.server.jobs.push(withOutput(jobRecord(site.server.url, command), command, 'o', 'o.1'));
    await site.pilot().run();
    const [final] = site.server.finals;
    expect(final).toMatchObject({ exeErrorCode: '65', exeErrorDiag: 'a warning', nEvents: '42' });
    expect(JSON.parse(final?.metaData ?? '')).toEqual(report);
    expect(JSON.parse(final?.xml ?? '')).toMatchObject({ 'o.1': { guid: 'AAAA-BBBB' } });
    site.server.jobs.push(withOutput(jobRecord(site.server.url, ''), 'echo x > o', 'o', 'o.2'));
    await site.pilot().run();
    const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
    const files = JSON.parse(site.server.finals[1]?.xml ?? '') as Record<string, { guid: string }>;
    expect(files['o.2']?.guid).toMatch(uuid);
  });

  it('reports what a payload says about its own failure', async () => {
    add(`echo '{"error_code": 1234, "error_diag": "bad luck"}' > ../payload_error_report.json`);
    await site.pilot().run();
    expect(site.server.finals[0]).toMatchObject({
      state: 'failed',
      pilotErrorCode: '1305',
      exeErrorCode: '1234',
      exeErrorDiag: 'bad luck',
    });
  });

  it('PILOT-files-04 PILOT-job-18 PILOT-payload-07 removes core dumps and fails the job; a job in debug mode keeps them', async () => {
    const plain = add('echo x > ../core.123');
    await site.pilot().run();
    const debugged = add('echo x > ../core.123', { debug: 'True' });
    await site.pilot().run();
    expect(site.server.finals).toMatchObject([{ pilotErrorCode: '1355' }, { pilotErrorCode: '1355' }]);
    const list = async ({ logFile }: Record<string, unknown>) =>
      (await execute('tar', ['-tzf', site.storedPath(String(logFile))], site.root)).stdout;
    expect(await list(plain)).not.toContain('core.123');
    expect(await list(debugged)).toContain('core.123');
  });

  it('PILOT-data-in-07 leaves inputs where they are on a queue with direct access, and the payload reads them there', async () => {
    site.server.queueData = queueRecord({ direct_access_lan: true });
    site.store('in.root', 'far away');
    const command = 'ls -L ../in.root; cat %IN > o';
    site.server.jobs.push(
      withInput(withOutput(jobRecord(site.server.url, command), command, 'o', 'o.1'), 'in.root', 8, 'ad:00000000'),
    );
    await site.pilot(['--cleanup', 'False']).run();
    expect(site.server.finals[0]).toMatchObject({ state: 'finished' });
    expect(site.stored('o.1')).toBe('far away');
    const [dir = ''] = site.leftovers().filter((name) => name.startsWith('tarball_'));
    expect(readFileSync(join(site.home, dir, 'payload.stderr'), 'utf8')).toContain('../in.root');
  });

  it('PILOT-payload-19 puts the address of an input in place of its name for a production transform', async () => {
    site.server.queueData = queueRecord({ direct_access_lan: true });
    site.store('in.root', 'far away');
    const job = withOutput(withInput(jobRecord(site.server.url, ''), 'in.root', 8, ''), '', 'o', 'o.1');
    const jobPars = `-c 'echo "$0" > o.1; cat "\${0#--input=}" >> o.1' --input=in.root`;
    site.server.jobs.push({ ...job, transformation: '/bin/sh', jobPars });
    await site.pilot().run();
    expect(site.server.finals[0]).toMatchObject({ state: 'finished' });
    expect(site.stored('o.1')).toBe(`--input=${site.storedPath('in.root')}\nfar away`);
  });

  it('PILOT-data-in-20 copies inputs when the job asks for it, and looks for those it does not copy', async () => {
    site.server.queueData = queueRecord({ direct_access_lan: true });
    site.store('in.root', 'x');
    const copied = withInput(jobRecord(site.server.url, 'cat %IN'), 'in.root', 1, 'ad:00000000');
    site.server.jobs.push({ ...copied, jobPars: `${copied.jobPars} --accessmode=copy` });
    site.server.jobs.push(withInput(jobRecord(site.server.url, 'cat %IN'), 'gone.root', 1, ''));
    await site.pilot().run();
    await site.pilot().run();
    expect(site.server.finals.map((final) => final.pilotErrorCode)).toEqual(['1171', '1331']);
  });

  it('PILOT-monitor-08 PILOT-data-in-05 takes no input beyond the queue’s limit or the disk', async () => {
    site.store('in.1', 'x');
    site.server.jobs.push(withInput(jobRecord(site.server.url, 'true'), 'in.1', 20 * 1_048_576, ''));
    site.server.queueData = queueRecord({ maxinputsize: 10 });
    await site.pilot().run();
    expect(site.server.finals[0]).toMatchObject({ state: 'failed', pilotErrorCode: '1168' });
    site.server.jobs.push(withInput(jobRecord(site.server.url, 'true'), 'in.1', 2 ** 52, ''));
    site.server.queueData = queueRecord({ maxinputsize: 2 ** 40 });
    await site.pilot([], { home: join(site.root, 'other') }).run();
    expect(site.server.finals[1]).toMatchObject({ state: 'failed', pilotErrorCode: '1098' });
  });

  it('PILOT-info-09 asks for queue data three times, then gives up with code 71', async () => {
    await site.server.close();
    expect(await site.pilot().run()).toBe(exitCodes.queueData);
    expect(site.log.filter((line) => line.includes('information was not delivered'))).toHaveLength(3);
  });

  it('uses queue data that were placed beforehand, unless they are another queue’s', async () => {
    place(site.home, 'queuedata.json', JSON.stringify(queueRecord({ status: 'offline' })));
    expect(await site.pilot().run()).toBe(exitCodes.queueNotOnline);
    place(site.home, 'queuedata.json', JSON.stringify(queueRecord({ nickname: 'OTHER', status: 'offline' })));
    expect(await site.pilot().run()).toBe(exitCodes.noJobs);
  });
});
