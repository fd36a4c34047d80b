import { describe, expect, it } from '@jest/globals';
import { type PilotErrorName, pilotErrorOf, pilotErrors } from '@panda/domain';
import { errorOfExitCode, exitCodeOfError, exitCodeOfSignal, exitCodes } from './exit-code.js';
import { asJobFailure, FailureList, JobFailure } from './job-failure.js';

describe('the exit code of a pilot', () => {
  it.each([
    ['GENERALERROR', 65],
    ['MKDIR', 66],
    ['NOSUCHFILE', 67],
    ['NOPROXY', 68],
    ['NOVOMSPROXY', 68],
    ['CERTIFICATEHASEXPIRED', 68],
    ['NOLOCALSPACE', 69],
    ['UNKNOWNEXCEPTION', 70],
    ['QUEUEDATA', 71],
    ['QUEUEDATANOTOK', 72],
    ['NOSOFTWAREDIR', 73],
    ['JSONRETRIEVALTIMEOUT', 74],
    ['BLACKHOLE', 75],
    ['MIDDLEWAREIMPORTFAILURE', 76],
    ['MISSINGINPUTFILE', 77],
    ['PANDAQUEUENOTACTIVE', 78],
    ['COMMUNICATIONFAILURE', 79],
    ['PROXYTOOSHORT', 80],
    ['REACHEDMAXTIME', 81],
    ['NOJOBSINPANDA', 82],
    ['PANDAQUEUENOTONLINE', 83],
    ['KILLSIGNAL', 137],
    ['LOOPINGJOB', 1],
  ] as const)('PILOT-main-19 for %s is %i', (name, code) => {
    expect(exitCodeOfError(name)).toBe(code);
  });

  it('PILOT-main-19 for a signal is 128 + its number', () => {
    const signals = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGSEGV', 'SIGXCPU', 'SIGUSR1', 'SIGBUS'] as const;
    expect(signals.map(exitCodeOfSignal)).toEqual([143, 130, 131, 139, 152, 138, 135]);
  });

  it('PILOT-main-20 can be mapped back to the pilot error', () => {
    expect(errorOfExitCode(143)).toBe(1201);
    expect(errorOfExitCode(exitCodes.noSpace)).toBe(1098);
    for (const code of Object.values(exitCodes).filter((one) => one !== exitCodes.ok)) {
      const row = pilotErrorOf(errorOfExitCode(code) ?? 0);
      expect(exitCodeOfError(row?.name as PilotErrorName)).toBe(code);
    }
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
