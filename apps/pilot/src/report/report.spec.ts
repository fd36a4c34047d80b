import { describe, expect, it } from '@jest/globals';
import { jobStatus } from '@panda/domain';
import { JobFailure } from '../errors/job-failure.js';
import { type Sample, UsageHistory } from '../monitor/usage.js';
import { batchJob, nodeName, pilotId } from './identity.js';
import { jobMetrics } from './job-metrics.js';
import { consumptionUnit, factsOf } from './node-facts.js';
import { endingFields, identityFields, localTimestamp, progressFields, shortened } from './update-fields.js';

const job = { pandaId: '7', attemptNr: 2, coreCount: 4 };
const identity = {
  siteName: 'PQ',
  node: 'wn1',
  schedulerId: 'harvester-x',
  pilotId: 'log|PR|1',
  batchId: '123.pbs',
  startTime: new Date('2026-11-22T07:25:51.160Z'),
  consumptionUnit: 's+CPU',
  cpuLevel: 'x86_64-v3',
};
const progress = {
  state: jobStatus.running,
  at: new Date('2026-11-22T07:30:00Z'),
  cpuS: 12.4,
  meanCoreCount: 0.9,
  usage: { maxRSS: 5 },
  jobMetrics: 'a=1',
};

describe('an update', () => {
  it('PILOT-job-11 says whose and where the job is', () => {
    expect(identityFields(job, identity)).toEqual({
      jobId: '7',
      attemptNr: 2,
      siteName: 'PQ',
      node: 'wn1',
      schedulerID: 'harvester-x',
      pilotID: 'log|PR|1',
      batchID: '123.pbs',
      startTime: 1795332351.16,
      coreCount: 4,
      cpuConsumptionUnit: 's+CPU',
      cpu_architecture_level: 'x86_64-v3',
    });
    expect(identityFields(job, { ...identity, batchId: undefined })).not.toHaveProperty('batchID');
  });

  it('PILOT-job-11 says how far it is', () => {
    expect(progressFields({ ...progress, stdout: 'tail' })).toMatchObject({
      state: 'running',
      cpuConsumptionTime: 12,
      cpuConversionFactor: 1,
      meanCoreCount: 0.9,
      maxRSS: 5,
      stdout: 'tail',
      jobMetrics: 'a=1',
    });
  });

  it('PILOT-job-12 has a CPU time below 1e9 s', () => {
    expect(progressFields({ ...progress, cpuS: 999_999_999 })).toMatchObject({ cpuConsumptionTime: 999_999_999 });
  });

  it.each([0, 0.4, 1e9, 5e10])('PILOT-job-12 leaves out a CPU time of %d s', (cpuS) => {
    expect(progressFields({ ...progress, cpuS })).not.toHaveProperty('cpuConsumptionTime');
  });

  it('PILOT-job-11 PILOT-metrics-04 ends with errors, files and timings', () => {
    const file = { guid: 'g', fsize: 1, adler32: '00000001', surl: 'file:///x', endpoint: 'R' };
    const ending = {
      exe: { code: 0, diag: '' },
      metaData: undefined,
      timing: '1|2|3|4|0|0',
      pilotLog: 'log',
      endTime: identity.startTime,
      nEvents: 0,
    };
    const good = endingFields({ ...ending, failure: undefined, transExitCode: 0, files: { 'o.1': file } });
    expect(good).toMatchObject({
      pilotErrorCode: 0,
      pilotErrorDiag: '',
      transExitCode: 0,
      pilotTiming: '1|2|3|4|0|0',
      pilotLog: '',
    });
    expect(JSON.parse(String(good.xml))).toEqual({ 'o.1': file });
    const bad = endingFields({ ...ending, failure: new JobFailure('PANDAKILL'), transExitCode: 256 + 3, files: {} });
    expect(bad).toMatchObject({ pilotErrorCode: 1144, xml: '', transExitCode: 4, pilotLog: 'log' });
    expect(bad).not.toHaveProperty('metaData');
  });

  it('has times with the offset of the worker node', () => {
    expect(localTimestamp(progress.at)).toMatch(/^2026-11-22T\d\d:\d\d:00[+-]\d\d:\d\d$/);
    expect(new Date(localTimestamp(progress.at)).getTime()).toBe(progress.at.getTime());
  });
});

describe('long text', () => {
  it('PILOT-files-06 keeps 1024 characters of its head and of its tail', () => {
    const text = `${'a'.repeat(3_000)}${'z'.repeat(3_000)}`;
    expect(shortened(text)).toBe(`${'a'.repeat(1_024)}\n[...]\n${'z'.repeat(1_024)}`);
    expect(shortened('short')).toBe('short');
  });
});

describe('identity', () => {
  it('PILOT-metrics-06 names the batch system whose id the environment has', () => {
    expect(batchJob({ SLURM_JOB_ID: '9' })).toEqual({ id: '9', type: 'Slurm' });
    expect(batchJob({ PBS_JOBID: '1.host', SLURM_JOB_ID: '' })).toEqual({ id: '1.host', type: 'Torque' });
    expect(batchJob({})).toBeUndefined();
    expect(pilotId('http://log', { id: '9', type: 'Slurm' }, 'PR', '1')).toBe('http://log|Slurm|PR|1');
    expect(pilotId('http://log', undefined, 'RC', '1')).toBe('http://log|RC|1');
  });

  it('PILOT-metrics-05 names the node, with the slot of HTCondor', () => {
    expect(nodeName({}, 'wn7')).toBe('wn7');
    expect(nodeName({ _CONDOR_SLOT: 'slot1_3' }, 'wn7')).toBe('slot1_3@wn7');
    expect(nodeName({ _CONDOR_SLOT: 'slot1_3' }, 'slot9@wn7')).toBe('slot9@wn7');
  });
});

describe('facts of a worker node', () => {
  it('PILOT-metrics-05 name the CPU with its cores and its cache, as pilot3 does', () => {
    const unit = (model: string, info: string, cores: number) => consumptionUnit(factsOf(model, 2_400, cores, info, 0));
    const cache = 'cache size : 512 KB\n';
    expect(unit('AMD EPYC-Milan Processor', cache, 4)).toBe('s+AMD EPYC-Milan 4-Core Processor 512 KB 1-Socket');
    expect(unit('AMD EPYC 7763 64-Core Processor', cache, 8)).toBe('s+AMD EPYC 7763 8-Core Processor 512 KB 1-Socket');
    expect(unit('Intel(R) Xeon(R) CPU E5-2630', '', 1)).toBe('s+Intel(R) Xeon(R) CPU E5-2630 1-Core Processor 1-Socket');
  });

  const flags = 'fpu lm cx16 lahf_lm popcnt sse4_1 sse4_2 ssse3 avx avx2 bmi1 bmi2 f16c fma movbe xsave hypervisor';
  const info = `processor : 0\nphysical id : 0\nflags : ${flags}\nprocessor : 1\nphysical id : 1\nflags : ${flags}\n`;

  it('PILOT-metrics-07 come from the CPU’s flags: AVX2, level, virtual machine, sockets', () => {
    const facts = factsOf('AMD  EPYC', 2400, 2, info, 2 ** 30);
    expect(facts).toMatchObject({
      avx2: true,
      virtual: true,
      sockets: 2,
      level: 'x86_64-v3',
      memoryMb: 1024,
      cpuModel: 'AMD EPYC',
    });
    expect(consumptionUnit(facts)).toBe('s+AMD EPYC 2-Core Processor 2-Sockets+AVX2');
  });

  it.each([
    ['lm cx16 lahf_lm popcnt sse4_1 sse4_2 ssse3', 'x86_64-v2'],
    ['lm', 'x86_64-v1'],
    [`${flags} avx512f avx512bw avx512cd avx512dq avx512vl`, 'x86_64-v4'],
    ['fp asimd', undefined],
  ])('flags %j are level %s', (text, level) => {
    expect(factsOf('x', 0, 1, `flags : ${text}\n`, 0).level).toBe(level);
  });
});

describe('usage over the life of a job', () => {
  const sample = (atMs: number, changes: Partial<Sample>): Sample => ({
    atMs,
    processes: 1,
    cpuS: 0,
    vmemKb: 0,
    rssKb: 0,
    pssKb: 0,
    swapKb: 0,
    rchar: 0,
    wchar: 0,
    readBytes: 0,
    writeBytes: 0,
    ...changes,
  });
  const history = (...samples: Sample[]) => {
    const usage = new UsageHistory();
    for (const one of samples) usage.add(one);
    return usage;
  };

  it('PILOT-memory-02 keeps maxima, averages, totals and rates', () => {
    const usage = history(
      sample(0, { vmemKb: 500, rssKb: 100, pssKb: 80, swapKb: 4, rchar: 1_000 }),
      sample(10_000, {
        vmemKb: 900,
        rssKb: 300,
        pssKb: 60,
        swapKb: 8,
        rchar: 6_000,
        wchar: 5_000,
        readBytes: 4_000,
        writeBytes: 3_000,
        cpuS: 5,
      }),
    );
    expect(usage.fields()).toEqual({
      maxVMEM: 900,
      maxPSS: 80,
      maxRSS: 300,
      maxSWAP: 8,
      avgVMEM: 700,
      avgPSS: 70,
      avgRSS: 200,
      avgSWAP: 6,
      totRCHAR: 6_000,
      totWCHAR: 5_000,
      totRBYTES: 4_000,
      totWBYTES: 3_000,
      rateRCHAR: 600,
      rateWCHAR: 500,
      rateRBYTES: 400,
      rateWBYTES: 300,
    });
    expect(usage.cpuS).toBe(5);
  });

  it('PILOT-metrics-11 gives the mean number of busy cores once it has two samples', () => {
    expect(history(sample(0, {})).meanCores()).toBeUndefined();
    expect(history(sample(0, { cpuS: 1 }), sample(10_000, { cpuS: 31 })).meanCores()).toBe(3);
  });

  it('does not take a payload that has just ended for one that used no CPU', () => {
    const busy = [sample(0, { cpuS: 1 }), sample(10_000, { cpuS: 31 })];
    expect(history(...busy, sample(10_050, { cpuS: 0.02 })).meanCores()).toBe(3);
    expect(history(...busy, sample(20_000, { cpuS: 31 }), sample(20_050, {})).meanCores()).toBe(1.5); // it slept at the end
  });

  it('says nothing before the first sample', () => {
    expect(history().fields()).toEqual({});
  });

  it('PILOT-memory-08 puts metrics into blank-separated pairs, at most 500 characters', () => {
    const leaking = [0, 1, 2, 3, 4].map((i) => sample(i * 60_000, { pssKb: 1_000 + 40 * i, swapKb: 20 * i, processes: 2 }));
    const text = jobMetrics({ coreCount: 4, nEvents: 10, workDirBytes: 99, usage: history(...leaking) });
    expect(text).toBe('coreCount=4 actualCoreCount=0 nEvents=10 workDirSize=99 maxProcesses=2 leak=1.00 chi2=0.00');
    expect(jobMetrics({ coreCount: 1, nEvents: 0, workDirBytes: undefined, usage: history() })).toBe('coreCount=1');
  });
});
