import { describe, expect, it } from '@jest/globals';
import { pilotErrors } from '@panda/domain';
import { errorOfExitCode, exitCodeOfError, exitCodeOfSignal, exitCodes } from './exit-code.js';
import { asJobFailure, FailureList, JobFailure } from './job-failure.js';

describe('the exit code of a pilot', () => {
  it.each([
    ['NOLOCALSPACE', 69],
    ['QUEUEDATA', 71],
    ['QUEUEDATANOTOK', 72],
    ['PANDAQUEUENOTACTIVE', 78],
    ['REACHEDMAXTIME', 81],
    ['LOOPINGJOB', 1],
  ] as const)('PILOT-main-19 for %s is %i', (name, code) => {
    expect(exitCodeOfError(name)).toBe(code);
  });

  it('PILOT-main-19 for a signal is 128 + its number', () => {
    expect([exitCodeOfSignal('SIGTERM'), exitCodeOfSignal('SIGINT'), exitCodeOfSignal('SIGXCPU')]).toEqual([143, 130, 152]);
  });

  it('PILOT-main-20 can be mapped back to the pilot error', () => {
    expect(errorOfExitCode(143)).toBe(1201);
    expect(errorOfExitCode(exitCodes.noSpace)).toBe(1098);
    expect(errorOfExitCode(0)).toBeUndefined();
  });
});

describe('the failures of a job', () => {
  it('PILOT-job-21 report the first, unless something outside ended the job', () => {
    const list = new FailureList();
    list.add(new JobFailure('STAGEOUTFAILED', 'a'));
    list.add(new JobFailure('LOGFILECREATIONFAILURE'));
    expect(list.first?.code).toBe(1137);
    list.add(new JobFailure('SIGTERM'), true);
    expect(list.first?.code).toBe(1201);
    expect(list.all.map(({ code }) => code)).toEqual([1201, 1137, 1320]);
  });

  it('PILOT-errors-10 begin with the standard sentence', () => {
    expect(new JobFailure('MISSINGINPUTFILE', 'f.1').message).toBe(`${pilotErrors.MISSINGINPUTFILE.message}:f.1`);
  });

  it('turn a foreign error into an unknown exception with its message', () => {
    const failure = asJobFailure(new TypeError('x is not a function'));
    expect(failure).toMatchObject({ code: 1301, message: expect.stringContaining('x is not a function') });
    expect(asJobFailure(failure)).toBe(failure);
  });
});
