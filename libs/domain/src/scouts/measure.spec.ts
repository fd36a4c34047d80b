import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { measure } from './measure.js';
import { type MeasuredTask, scoutDefaults } from './measurement.js';
import { mean, percentile } from './percentile.js';
import { eventsOfFiles, measuredCpuTime, type ScoutJob, saysCpuTime, usedCores } from './scout-job.js';
import { nGbPerJobFor } from './target-output.js';

const start = new Date('2026-11-22T00:00:00Z');
const after = (seconds: number) => new Date(start.getTime() + seconds * 1_000);

function aScout(pandaId: number, more: Partial<ScoutJob> = {}): ScoutJob {
  return {
    pandaId,
    kind: 'normal',
    cores: 1,
    startTime: start,
    endTime: after(1_600),
    corePower: 10,
    cpuConsumptionS: 1_500,
    nEvents: 100,
    inputMb: 1_000,
    outputBytes: 100 * 1_024 * 1_024,
    maxPssKb: 2_000 * 1_024,
    maxVmemKb: null,
    diskReadKb: 1_000,
    diskWriteKb: 600,
    memoryLeak: null,
    memoryLeakChi2: null,
    workDirMb: 500,
    ...more,
  };
}

function aTask(more: Partial<MeasuredTask> = {}): MeasuredTask {
  return {
    cpuTime: null,
    cpuTimeUnit: 'HS06sPerEvent',
    cpuEfficiency: 90,
    baseWalltime: 600,
    walltime: null,
    outDiskUnit: 'kBPerEvent',
    ramUnit: 'MBPerCore',
    baseRamCount: 0,
    workDiskCount: null,
    libSizeMb: null,
    ...more,
  };
}

const columns = (task: MeasuredTask, jobs: readonly ScoutJob[], settings = scoutDefaults) =>
  measure(task, jobs, settings).columns;

describe('percentiles', () => {
  it('lie between the nearest samples, and name them', () => {
    const samples = [10, 20, 30, 40].map((value, i) => ({ value, pandaId: i + 1 }));
    expect(percentile(samples, 75)).toEqual({ value: 32.5, decidedBy: [3, 4] });
    expect(percentile(samples, 100)).toEqual({ value: 40, decidedBy: [4] });
    expect(percentile(samples, 0)).toEqual({ value: 10, decidedBy: [1] });
    expect(percentile([], 50)).toBeUndefined();
    expect(mean([])).toBeUndefined();
  });

  it('stay within the samples and grow with the rank', () => {
    const list = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 });
    const rank = fc.double({ min: 0, max: 100, noNaN: true });
    fc.assert(
      fc.property(list, rank, rank, (values, a, b) => {
        const samples = values.map((value, pandaId) => ({ value, pandaId }));
        const at = (r: number) => percentile(samples, r)?.value ?? Number.NaN;
        expect(at(a)).toBeGreaterThanOrEqual(Math.min(...values) - 1e-6);
        expect(at(a)).toBeLessThanOrEqual(Math.max(...values) + 1e-6);
        expect(at(Math.min(a, b))).toBeLessThanOrEqual(at(Math.max(a, b)) + 1e-6);
      }),
    );
  });
});

describe('a job’s CPU time', () => {
  it('DYNOPT-02 counts a file without event information as one event', () => {
    expect(eventsOfFiles([{ nEvents: 50 }, { nEvents: null }, { nEvents: null }])).toBe(52);
  });

  it('DYNOPT-03 is max(0, end − start − base) × corePower × cores × efficiency / events, and 1.5 times that for the task', () => {
    const job = aScout(1, { cores: 8, corePower: 12, nEvents: 400 });
    expect(measuredCpuTime(job, aTask())).toBeCloseTo((1_000 * 12 * 8 * 0.9) / 400);
    expect(columns(aTask(), [job])).toMatchObject({ cpuTime: 324, cpuTimeUnit: 'HS06sPerEvent' });
    expect(measuredCpuTime(aScout(1, { endTime: after(100) }), aTask())).toBe(0);
    expect(measuredCpuTime(aScout(1, { corePower: null }), aTask())).toBeCloseTo(90);
    expect(measuredCpuTime(aScout(1, { endTime: null }), aTask())).toBeUndefined();
  });

  it('DYNOPT-04 takes the 95th percentile of jobs with at least 10 events per core or 6 hours', () => {
    const long = aScout(3, { nEvents: 1, endTime: after(6 * 3_600) });
    expect([aScout(1, { cores: 8, nEvents: 80 }), aScout(2, { cores: 8, nEvents: 79 }), long].map(saysCpuTime)).toEqual([
      true,
      false,
      true,
    ]);
    const jobs = Array.from({ length: 21 }, (_, i) => aScout(i, { endTime: after(600 + 100 * i) }));
    const { columns: measured, findings } = measure(aTask(), [...jobs, aScout(99, { nEvents: 2 })]);
    expect(measured.cpuTime).toBe(Math.ceil(((1_900 * 10 * 0.9) / 100) * 1.5));
    expect(findings.decidedBy.cpuTime).toEqual([19]);
    expect(findings.cpuTimeExecutionS).toBe(2_500);
  });

  it('DYNOPT-05 lets operators choose the rank', () => {
    const jobs = [aScout(1, { endTime: after(700) }), aScout(2, { endTime: after(1_600) })];
    expect(columns(aTask(), jobs, { ...scoutDefaults, cpuTimeRank: 0 }).cpuTime).toBe(14);
    expect(columns(aTask(), jobs, { ...scoutDefaults, cpuTimeRank: 100 }).cpuTime).toBe(135);
  });

  it('DYNOPT-06 writes small values in thousandths, and leaves fixed ones alone', () => {
    expect(columns(aTask(), [aScout(1, { nEvents: 2_000 })])).toMatchObject({ cpuTime: 6_750, cpuTimeUnit: 'mHS06sPerEvent' });
    for (const cpuTimeUnit of ['HS06sPerEventFixed', 'mHS06sPerEventFixed']) {
      expect(columns(aTask({ cpuTimeUnit }), [aScout(1)])).not.toHaveProperty('cpuTime');
    }
  });

  it('DYNOPT-07 is not measured for a task that does not scale with its events', () => {
    expect(columns(aTask({ cpuEfficiency: 0 }), [aScout(1)])).not.toHaveProperty('cpuTime');
  });

  it('takes the cores a job used, else those it asked for', () => {
    expect([usedCores(6, 8), usedCores(null, 8), usedCores(0, null)]).toEqual([6, 8, 1]);
  });
});

describe('a task’s memory', () => {
  it('DYNOPT-08 is (maxPSS − base) / cores plus the margin, at least the minimum', () => {
    const job = aScout(1, { cores: 8, maxPssKb: 16_500 * 1_024 });
    expect(columns(aTask({ baseRamCount: 500 }), [job])).toMatchObject({ ramCount: 2_200, ramUnit: 'MBPerCore' });
    expect(columns(aTask({ baseRamCount: 500 }), [job], { ...scoutDefaults, ramCountMargin: 50 }).ramCount).toBe(3_000);
    expect(columns(aTask({ baseRamCount: 500 }), [job], { ...scoutDefaults, ramCountMin: 2_500 }).ramCount).toBe(2_500);
    expect(columns(aTask({ baseRamCount: 50_000 }), [job]).ramCount).toBe(1);
  });

  it('DYNOPT-09 takes the 75th percentile', () => {
    const jobs = [1, 2, 3, 4, 5].map((i) => aScout(i, { maxPssKb: i * 1_000 * 1_024 }));
    expect(columns(aTask(), jobs).ramCount).toBe(4_400);
    expect(columns(aTask(), jobs, { ...scoutDefaults, ramCountRank: 50 }).ramCount).toBe(3_300);
  });

  it('DYNOPT-10 is per core or of the whole job, and fixed values stay', () => {
    const job = aScout(1, { cores: 8, maxPssKb: 16_000 * 1_024 });
    expect(columns(aTask({ ramUnit: 'MBPerCoreFixed' }), [job])).not.toHaveProperty('ramCount');
    expect(columns(aTask({ ramUnit: 'MB' }), [job])).toMatchObject({ ramCount: 17_600, ramUnit: 'MB' });
    expect(columns(aTask({ ramUnit: null }), [aScout(1, { maxPssKb: 0, maxVmemKb: 1_024_000 })]).ramCount).toBe(1_100);
    expect(columns(aTask(), [aScout(1, { maxPssKb: null })])).not.toHaveProperty('ramCount');
  });
});

describe('a task’s sizes', () => {
  it('DYNOPT-11 takes the 75th percentile of the output per event of jobs with ten events, and the largest work directory', () => {
    const jobs = [1, 2, 3, 4, 5].map((i) => aScout(i, { outputBytes: i * 100 * 1_024 * 1_024, workDirMb: i * 100 }));
    const few = aScout(9, { nEvents: 9, outputBytes: 9e12 });
    const measured = columns(aTask(), [...jobs, few]);
    expect(measured).toMatchObject({ outDiskCount: 4_096, outDiskUnit: 'kBPerEvent', workDiskCount: 500, workDiskUnit: 'MB' });
    expect(columns(aTask({ workDiskCount: 800 }), jobs).workDiskCount).toBe(800);
    expect(columns(aTask({ libSizeMb: 900 }), jobs).workDiskCount).toBe(900);
    expect(columns(aTask({ outDiskUnit: 'kBFixed' }), jobs)).not.toHaveProperty('outDiskCount');
    expect(columns(aTask({ outDiskUnit: 'kB' }), [aScout(1, { inputMb: 50 })])).toMatchObject({
      outDiskCount: 2_048,
      outDiskUnit: 'kB',
    });
    expect(columns(aTask(), [aScout(1, { outputBytes: 9e12 })]).outDiskCount).toBe(10_240);
  });

  it('leaves output of event service to its merge jobs, and time to its consumers', () => {
    expect(columns(aTask(), [aScout(1, { kind: 'eventService' })])).not.toHaveProperty('outDiskCount');
    const merge = columns(aTask(), [aScout(1, { kind: 'eventServiceMerge' })]);
    expect(merge).toHaveProperty('outDiskCount');
    expect(merge).not.toHaveProperty('cpuTime');
  });

  it('DYNOPT-12 takes the largest (input + output) / time', () => {
    const quiet = aScout(1, { inputMb: 1 });
    const busy = aScout(2, { inputMb: 300, outputBytes: 100 * 1_024 * 1_024 });
    expect(columns(aTask(), [quiet, busy])).toMatchObject({ ioIntensity: 256, ioIntensityUnit: 'kBPerS' });
  });

  it('DYNOPT-13 takes (read + written) / time, at most the cap', () => {
    const jobs = [aScout(1, { diskReadKb: 160_000, diskWriteKb: 0 }), aScout(2, { diskReadKb: 0, diskWriteKb: 480_000 })];
    expect(columns(aTask(), jobs)).toMatchObject({ diskIo: 200, diskIoUnit: 'kBPerS' });
    expect(columns(aTask(), jobs, { ...scoutDefaults, diskIoCap: 150 }).diskIo).toBe(150);
  });

  it('DYNOPT-14 scales a typical job until its largest output has the wanted size', () => {
    const gb = 1_024 ** 3;
    expect(nGbPerJobFor(5, { outputs: [0.5 * gb, 0.1 * gb], inputBytes: gb, workDiskMb: 512 })).toBe(14);
    expect(nGbPerJobFor(5, { outputs: [0.01 * gb], inputBytes: gb, workDiskMb: 0 })).toBe(100);
    expect(nGbPerJobFor(1, { outputs: [gb], inputBytes: 0, workDiskMb: 0 })).toBe(1);
    expect(nGbPerJobFor(1, { outputs: [], inputBytes: gb, workDiskMb: 0 })).toBeUndefined();
  });
});

describe('a task’s walltime', () => {
  it('is the longest job’s CPU time per MB with safety, unless the preset is larger or switched off', () => {
    const jobs = [aScout(1, { cpuConsumptionS: 7_200 }), aScout(2, { inputMb: 2_000 })];
    expect(columns(aTask(), jobs)).toMatchObject({ walltime: 6, walltimeUnit: 'kSI2kseconds' });
    expect(columns(aTask({ walltime: 10 }), jobs).walltime).toBe(10);
    expect(columns(aTask({ walltime: -1 }), jobs).walltime).toBe(-1);
    expect(columns(aTask(), [aScout(1, { cpuConsumptionS: 3_599 })]).walltime).toBe(0);
    expect(columns(aTask(), [aScout(1, { inputMb: 0 })])).not.toHaveProperty('walltime');
  });
});

describe('a measurement', () => {
  it('without jobs changes nothing but the mark that it was made', () => {
    expect(measure(aTask(), [])).toEqual({
      columns: { walltimeUnit: 'kSI2kseconds' },
      findings: { nJobs: 0, executionS: new Map(), decidedBy: {} },
    });
  });

  it('tells leak, efficiency and the hungriest job', () => {
    const jobs = [
      aScout(1, { cores: 2, memoryLeak: 3, memoryLeakChi2: 1.5, cpuConsumptionS: 800 }),
      aScout(2, { memoryLeak: 5, memoryLeakChi2: 4.2, cpuConsumptionS: 1_600 }),
      aScout(3, { cpuConsumptionS: 160 }),
    ];
    expect(measure(aTask(), jobs).findings).toMatchObject({
      memoryLeakPerCore: 4,
      memoryLeakChi2: 3,
      cpuEfficiency: 25,
      mostCpu: { pandaId: 2, cpuS: 1_600, executionS: 1_600, cores: 1 },
    });
  });

  it('never gives a negative or endless value, whatever pilots report', () => {
    const number = fc.option(fc.double({ min: -1e12, max: 1e12, noNaN: true }));
    const job = fc.record({
      cores: fc.integer({ min: 1, max: 128 }),
      endTime: fc.option(fc.integer({ min: -10, max: 1e6 }).map(after)),
      corePower: fc.option(fc.double({ min: 0, max: 50, noNaN: true })),
      nEvents: fc.nat(1e6),
      inputMb: fc.double({ min: 0, max: 1e6, noNaN: true }),
      maxPssKb: number,
      diskReadKb: fc.option(fc.nat(1e9)),
    });
    fc.assert(
      fc.property(fc.array(job, { maxLength: 20 }), (list) => {
        const { columns: measured } = measure(
          aTask(),
          list.map((more, i) => aScout(i, more)),
        );
        for (const value of Object.values(measured).filter((v) => typeof v === 'number')) {
          expect(Number.isFinite(value)).toBe(true);
          expect(value).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
