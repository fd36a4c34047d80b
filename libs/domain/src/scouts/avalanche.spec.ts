import { describe, expect, it } from '@jest/globals';
import {
  expectedJobs,
  isAvalancheAsked,
  judgeAvalanche,
  needsSecondMeasurement,
  type ScoutingTask,
  scoutOutcome,
} from './avalanche.js';
import { type ExhaustedSettings, type ExhaustedTask, exhaustedDefaults, judgeExhausted } from './exhausted.js';
import type { ScoutFindings } from './measure.js';
import type { TaskMeasurement } from './measurement.js';

const now = new Date('2026-11-22T12:00:00Z');
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

function aTask(more: Partial<ScoutingTask> = {}): ScoutingTask {
  return {
    status: 'scouting',
    awaitsScouts: true,
    nothingLeft: false,
    scoutJobs: 10,
    finishedJobs: 0,
    assessedAt: null,
    walltimeUnit: null,
    ...more,
  };
}

describe('the avalanche', () => {
  it('DYNOPT-01 opens when half of the scouts have finished, and for a second look after 100 jobs', () => {
    expect(judgeAvalanche(aTask({ finishedJobs: 4 }), now)).toEqual({
      open: false,
      reason: '4 of 10 scouts finished, 5 are needed',
    });
    expect(judgeAvalanche(aTask({ finishedJobs: 5 }), now)).toEqual({ open: true, why: 'enoughFinished', forced: false });
    expect(judgeAvalanche(aTask({ scoutJobs: 1, finishedJobs: 1 }), now).open).toBe(true);
    const running = { status: 'running', walltimeUnit: 'kSI2kseconds', measuredJobs: 5, modificationTime: now } as const;
    expect(needsSecondMeasurement({ ...running, finishedJobs: 99 }, now)).toBe(false);
    expect(needsSecondMeasurement({ ...running, finishedJobs: 100 }, now)).toBe(true);
    expect(needsSecondMeasurement({ ...running, finishedJobs: 500, measuredJobs: 100 }, now)).toBe(false);
    expect(needsSecondMeasurement({ ...running, status: 'scouting', finishedJobs: 100 }, now)).toBe(false);
  });

  it('is looked at every ten minutes', () => {
    expect(judgeAvalanche(aTask({ finishedJobs: 5, assessedAt: minutesAgo(9) }), now).open).toBe(false);
    expect(judgeAvalanche(aTask({ finishedJobs: 5, assessedAt: minutesAgo(10) }), now).open).toBe(true);
  });

  it('opens when nothing is left to scout, also before the first scout of a task without input left', () => {
    expect(judgeAvalanche(aTask({ nothingLeft: true }), now)).toMatchObject({ open: true, why: 'nothingLeft' });
    expect(judgeAvalanche(aTask({ status: 'ready', nothingLeft: true }), now)).toMatchObject({ open: true, why: 'nothingLeft' });
    expect(judgeAvalanche(aTask({ status: 'ready', nothingLeft: true, awaitsScouts: false }), now).open).toBe(false);
    expect(judgeAvalanche(aTask({ status: 'running', nothingLeft: true }), now).open).toBe(false);
  });

  it('opens by command, without asking for success', () => {
    expect(judgeAvalanche(aTask({ walltimeUnit: 'ava' }), now)).toEqual({ open: true, why: 'forced', forced: true });
    expect([isAvalancheAsked('ava'), isAvalancheAsked(null)]).toEqual([true, false]);
  });

  it('is measured again on request while there are fresh jobs', () => {
    const asked = { status: 'running', walltimeUnit: null, measuredJobs: 100, modificationTime: minutesAgo(60) } as const;
    expect(needsSecondMeasurement({ ...asked, finishedJobs: 5 }, now)).toBe(true);
    expect(needsSecondMeasurement({ ...asked, finishedJobs: 4 }, now)).toBe(false);
    expect(needsSecondMeasurement({ ...asked, finishedJobs: 5, modificationTime: minutesAgo(1_441) }, now)).toBe(false);
  });
});

describe('scouts', () => {
  const result = { finishedFiles: 3, successRate: null, forced: false, exhausted: false };

  it('make a task scouted, exhausted or broken', () => {
    expect(scoutOutcome(result)).toEqual({ event: 'scoutsMeasured' });
    expect(scoutOutcome({ ...result, exhausted: true })).toEqual({ event: 'foundExhausted' });
    expect(scoutOutcome({ ...result, finishedFiles: 0 })).toEqual({ event: 'foundBroken', reason: 'no scout jobs succeeded' });
    expect(scoutOutcome({ ...result, successRate: 4 })).toEqual({
      event: 'foundBroken',
      reason: 'not enough scout jobs succeeded',
    });
    expect(scoutOutcome({ ...result, finishedFiles: 0, forced: true, exhausted: true })).toEqual({ event: 'scoutsMeasured' });
  });

  it('foretell the jobs to come', () => {
    expect(expectedJobs({ nFiles: 1_000, nFilesUsed: 100, nFilesFinished: 50, finishedJobs: 5 })).toEqual({
      expectedJobs: 100,
      newJobs: 90,
    });
    expect(expectedJobs({ nFiles: 1_000, nFilesUsed: 100, nFilesFinished: 0, finishedJobs: 0 })).toEqual({
      expectedJobs: 0,
      newJobs: 0,
    });
  });
});

describe('an exhausted task', () => {
  const hour = 3_600;
  const task: ExhaustedTask = {
    cpuTime: 100,
    cpuTimeUnit: 'HS06sPerEvent',
    ramCount: 2_000,
    ramPerCore: true,
    minCpuEfficiency: null,
    splitRule: { nFilesPerJob: null, nGbPerJob: null, nMaxFilesPerJob: null },
    expectedJobs: 1_000,
    newJobs: 900,
  };
  const measured: TaskMeasurement = { walltimeUnit: 'kSI2kseconds', cpuTime: 100, cpuTimeUnit: 'HS06sPerEvent', ramCount: 2_000 };
  const findings: ScoutFindings = {
    nJobs: 5,
    executionS: new Map([1, 2, 3, 4, 5].map((id) => [id, hour])),
    cpuTimeExecutionS: hour,
    cpuEfficiency: 80,
    mostCpu: { pandaId: 1, cpuS: hour, executionS: hour, cores: 1 },
    decidedBy: {},
  };
  const judge = (more: {
    task?: Partial<ExhaustedTask>;
    measured?: Partial<TaskMeasurement>;
    findings?: Partial<ScoutFindings>;
    settings?: Partial<ExhaustedSettings>;
  }) =>
    judgeExhausted({
      task: { ...task, ...more.task },
      measured: { ...measured, ...more.measured },
      findings: { ...findings, ...more.findings },
      settings: { ...exhaustedDefaults, ...more.settings },
    });

  it('is none when its scouts did what it asked for', () => {
    expect(judge({})).toEqual({ kind: 'fine' });
  });

  it('DYNOPT-15 leaks more memory than the threshold', () => {
    expect(judge({ findings: { memoryLeakPerCore: 50 }, settings: { memoryLeakPerCore: 49 } })).toMatchObject({
      code: 'scout_memory_leak',
    });
    expect(judge({ findings: { memoryLeakPerCore: 50 }, settings: { memoryLeakPerCore: 50 } }).kind).toBe('fine');
    expect(judge({ findings: { memoryLeakPerCore: 50 } }).kind).toBe('fine');
  });

  it('DYNOPT-16 makes too many short jobs, or has its split rule mended', () => {
    const short = { shortMinutes: 60, shortJobs: 5, shortTaskJobs: 999 };
    expect(judge({ settings: short })).toEqual({
      kind: 'exhausted',
      code: 'many_shorter_jobs',
      reason: '5 scouts ran for less than 60 min, and the task would make 1000 jobs',
    });
    expect(judge({ settings: { ...short, shortMinutes: 59 } }).kind).toBe('fine');
    expect(judge({ settings: { ...short, shortTaskJobs: 1_000 } }).kind).toBe('fine');
    const splitRule = { nFilesPerJob: 1, nGbPerJob: null, nMaxFilesPerJob: 50 };
    expect(judge({ settings: { ...short, mendsSplitRule: true }, task: { splitRule } })).toMatchObject({
      kind: 'mend',
      remove: ['nFilesPerJob'],
      nMaxFilesPerJob: 200,
    });
    expect(judge({ settings: { ...short, mendsSplitRule: true } })).toMatchObject({ code: 'many_shorter_jobs' });
  });

  it('DYNOPT-17 needs far more CPU time or memory than it asked for', () => {
    const long = { cpuTimeExecutionS: 24 * hour + 1 };
    expect(judge({ measured: { cpuTime: 201 }, findings: long })).toMatchObject({ code: 'scout_cpuTime' });
    expect(judge({ measured: { cpuTime: 200 }, findings: long }).kind).toBe('fine');
    expect(judge({ measured: { cpuTime: 201 } }).kind).toBe('fine');
    expect(judge({ measured: { cpuTime: 9_000, cpuTimeUnit: 'mHS06sPerEvent' }, findings: long }).kind).toBe('fine');
    expect(judge({ measured: { ramCount: 4_097 } })).toMatchObject({ code: 'scout_ramCount' });
    expect(judge({ measured: { ramCount: 4_096 } }).kind).toBe('fine');
    expect(judge({ measured: { ramCount: 4_097 }, task: { ramCount: 4_096 } }).kind).toBe('fine');
    expect(judge({ measured: { ramCount: 4_097 }, settings: { ramGb: 5 } }).kind).toBe('fine');
  });

  it('DYNOPT-18 uses its CPUs less than it promised', () => {
    expect(judge({ task: { minCpuEfficiency: 81 } })).toMatchObject({ code: 'low_efficiency' });
    expect(judge({ task: { minCpuEfficiency: 80 } }).kind).toBe('fine');
  });

  it('DYNOPT-19 CLI-pathena-31 uses CPUs that it did not get', () => {
    const abuse = { pandaId: 1, cpuS: 2 * hour + 1, executionS: hour, cores: 1 };
    expect(judge({ findings: { mostCpu: abuse } })).toEqual({
      kind: 'exhausted',
      code: 'over_cpu_consumption',
      reason:
        'CPU consumption 7201 s is larger than duration × cores × 2 (3600 s × 1): a multi-core payload on single-core queues?',
    });
    expect(judge({ findings: { mostCpu: { ...abuse, cores: 2 } } }).kind).toBe('fine');
  });

  it('is not asked about when few jobs are to come', () => {
    expect(judge({ task: { newJobs: 20 }, measured: { ramCount: 9_999 } }).kind).toBe('fine');
    expect(judge({ task: { newJobs: 21 }, measured: { ramCount: 9_999 } }).kind).toBe('exhausted');
  });
});
