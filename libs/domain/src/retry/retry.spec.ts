import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type FailedJob, judgeRetry } from './judge-retry.js';
import { judgeMemory, type MemoryFacts, memoryMax, memorySteps } from './memory.js';
import { type RetryRow, readRetryRules } from './retry-rule.js';

const now = new Date('2026-11-22T12:00:00Z');
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

function aRow(retryErrorId: number, action: string, more: Partial<RetryRow> = {}): RetryRow {
  return {
    retryErrorId,
    action,
    errorSource: 'pilotErrorCode',
    errorCode: 1099,
    active: true,
    errorDiag: null,
    parameters: null,
    architecture: null,
    release: null,
    workQueueId: null,
    expirationDate: null,
    ...more,
  };
}

const memory: MemoryFacts = {
  cores: 1,
  minRamCount: 2000,
  maxPss: 1_900 * 1024,
  taskRamCount: 2000,
  ramPerCore: true,
  baseRamCount: 0,
  files: 10,
  filesAboveTask: 0,
};

function aJob(more: Partial<FailedJob> = {}): FailedJob {
  return {
    errors: [{ source: 'pilotErrorCode', code: 1099, diag: 'Failed to stage-in file: no route to host' }],
    attemptNr: 2,
    maxAttempt: 5,
    architecture: 'x86_64-el9',
    release: '24.0.1',
    workQueueId: 7,
    memory,
    cpuTime: null,
    taskModified: minutesAgo(120),
    measurementAsked: false,
    ...more,
  };
}

function judge(rows: readonly RetryRow[], job: FailedJob = aJob()) {
  const { rules, refused } = readRetryRules(rows);
  expect(refused).toEqual([]);
  return judgeRetry(rules, job, now);
}

const effects = (rows: readonly RetryRow[], job?: FailedJob) => judge(rows, job).map((d) => [d.ruleId, d.active, d.effect]);
const limit = (maxAttempt: number) => ({ kind: 'limitAttempts', maxAttempt });

describe('the retry module', () => {
  it('RETRY-01 never retries a hopeless error', () => {
    expect(judge([aRow(1, 'no_retry')])).toEqual([
      {
        ruleId: 1,
        action: 'no_retry',
        source: 'pilotErrorCode',
        code: 1099,
        active: true,
        effect: limit(2),
        explanation: 'rule 1 (pilotErrorCode=1099): at most 2 attempts',
      },
    ]);
  });

  it('RETRY-02 RETRY-08 caps attempts at the rule’s parameter, and never raises them', () => {
    expect(effects([aRow(1, 'limit_retry', { parameters: 'maxAttempt=3' })])).toEqual([[1, true, limit(3)]]);
    expect(effects([aRow(1, 'limit_retry', { parameters: 'a=b& maxAttempt = 9' })])).toEqual([
      [1, true, { kind: 'none', reason: 'there are only 5 attempts anyway' }],
    ]);
    expect(effects([aRow(1, 'limit_retry', { parameters: 'maxAttempt=9' })], aJob({ maxAttempt: null }))).toEqual([
      [1, true, limit(9)],
    ]);
  });

  it('RETRY-03 gives the next attempt more memory', () => {
    expect(effects([aRow(1, 'increase_memory')])).toEqual([[1, true, { kind: 'raiseFiles', ramCount: 3000 }]]);
  });

  it('raises the task itself when many of its files need more', () => {
    const [decision] = judge([aRow(1, 'increase_memory')], aJob({ memory: { ...memory, filesAboveTask: 5 } }));
    expect(decision).toMatchObject({
      effect: { kind: 'raiseTask', ramCount: 3000 },
      explanation: 'rule 1 (pilotErrorCode=1099): memory of the task raised to 3000 MB per core',
    });
  });

  it('RETRY-04 raises the task’s CPU time above what the job used, at most to the double', () => {
    const ranS = (seconds: number) => ({
      startTime: minutesAgo(seconds / 60),
      endTime: now,
      corePower: 10,
      cores: 1,
      nEvents: 100,
      taskCpuTime: 100,
      taskCpuTimeUnit: 'HS06sPerEvent',
      baseWalltime: 600,
      cpuEfficiency: 100,
    });
    const raised = (cpuTime: FailedJob['cpuTime']) => effects([aRow(1, 'increase_cputime')], aJob({ cpuTime }))[0]?.[2];
    expect(raised(ranS(1_600))).toEqual({ kind: 'raiseCpuTime', cpuTime: 150 });
    expect(raised(ranS(9_999))).toEqual({ kind: 'raiseCpuTime', cpuTime: 200 });
    expect(raised(ranS(1_200))).toEqual({ kind: 'remeasure' });
    expect(raised({ ...ranS(1_600), taskCpuTimeUnit: 'HS06sPerEventFixed' })).toEqual({ kind: 'remeasure' });
    expect(raised({ ...ranS(1_600), taskCpuTime: null })).toEqual({ kind: 'remeasure' });
    expect(raised({ ...ranS(1_600), startTime: null })).toEqual({ kind: 'remeasure' });
    expect(judge([aRow(1, 'increase_cputime')], aJob({ cpuTime: ranS(1_600) }))[0]?.explanation).toContain(
      'raised to 150 HS06 s per event',
    );
  });

  it('has CPU time and walltime measured again when the job says nothing, but not over and over', () => {
    const rows = [aRow(1, 'increase_cputime')];
    expect(effects(rows)).toEqual([[1, true, { kind: 'remeasure' }]]);
    expect(effects(rows, aJob({ taskModified: minutesAgo(29) }))[0]?.[2]).toMatchObject({ kind: 'none' });
    expect(effects(rows, aJob({ measurementAsked: true }))[0]?.[2]).toMatchObject({ kind: 'none' });
  });

  it('RETRY-05 refuses a registered action that is not implemented, and goes on with the others', () => {
    const { rules, refused } = readRetryRules([aRow(1, 'move_to_cloud'), aRow(2, 'no_retry')]);
    expect(rules.map((r) => r.id)).toEqual([2]);
    expect(refused.map((e) => e.message)).toEqual(["retry rule 1 is refused: the action 'move_to_cloud' is not implemented"]);
  });

  it.each([
    [{ errorSource: 'weather' }, "'weather' is no error source"],
    [{ errorDiag: '(a)\\1' }, 'the pattern cannot be used: error parsing regexp'],
    [{ action: 'limit_retry', parameters: 'maxAttempt=lots' }, 'limit_retry needs maxAttempt=<number>'],
    [{ action: 'limit_retry' }, 'limit_retry needs maxAttempt=<number>'],
  ])('refuses a row with %j by name', (more, reason) => {
    const { rules, refused } = readRetryRules([aRow(4, 'no_retry', more)]);
    expect(rules).toEqual([]);
    expect(refused[0]?.message).toContain(`retry rule 4 is refused: ${reason}`);
  });

  it('RETRY-06 matches source, code and the beginning of the message', () => {
    const rows = (errorDiag: string) => [aRow(1, 'no_retry', { errorDiag })];
    expect(judge(rows('Failed to stage-in.*route'))).toHaveLength(1);
    expect(judge(rows('no route'))).toEqual([]);
    expect(judge([aRow(1, 'no_retry', { errorCode: 1100 })])).toEqual([]);
    expect(judge([aRow(1, 'no_retry', { errorSource: 'exeErrorCode' })])).toEqual([]);
    expect(judge([aRow(1, 'no_retry', { errorSource: 'PILOTERRORCODE', errorDiag: '' })])).toHaveLength(1);
    expect(judge(rows('.*'), aJob({ errors: [{ source: 'pilotErrorCode', code: 1099, diag: null }] }))).toHaveLength(1);
  });

  it.each([
    ['payload', 'transExitCode'],
    ['payload', 'exeErrorCode'],
    ['pilot', 'pilotErrorCode'],
    ['dispatcher', 'jobDispatcherErrorCode'],
    ['task buffer', 'taskBufferErrorCode'],
  ] as const)('RETRY-06 has rules for errors of the %s: %s', (_who, source) => {
    const errors = [{ source, code: 7, diag: 'it broke' }];
    const rule = aRow(1, 'no_retry', { errorSource: source, errorCode: 7, errorDiag: 'it .*' });
    expect(judge([rule], aJob({ errors }))).toHaveLength(1);
    expect(judge([{ ...rule, errorCode: 8 }], aJob({ errors }))).toEqual([]);
  });

  it('RETRY-07 only reports what a passive rule would do, and lets active ones act', () => {
    const rows = [aRow(1, 'no_retry', { active: false }), aRow(2, 'limit_retry', { parameters: 'maxAttempt=4' })];
    expect(effects(rows)).toEqual([
      [1, false, limit(2)],
      [2, true, limit(4)],
    ]);
    expect(judge(rows)[0]?.explanation).toContain(', passive: at most 2 attempts');
  });

  it.each([
    [{ architecture: 'x86_64-el9' }, 1],
    [{ architecture: 'aarch64' }, 0],
    [{ release: '24.0.1' }, 1],
    [{ release: '24' }, 0],
    [{ workQueueId: 7 }, 1],
    [{ workQueueId: 8 }, 0],
    [{ architecture: '', release: '' }, 1],
  ] as const)('RETRY-09 applies a rule scoped by %j to %d job', (scope, count) => {
    expect(judge([aRow(1, 'no_retry', scope)])).toHaveLength(count);
  });

  it('lets the most specific limit decide, then the smallest', () => {
    const general = aRow(1, 'limit_retry', { parameters: 'maxAttempt=2' });
    const forRelease = aRow(2, 'limit_retry', { parameters: 'maxAttempt=4', release: '24.0.1' });
    expect(effects([general, forRelease])).toEqual([[2, true, limit(4)]]);
    expect(effects([aRow(3, 'limit_retry', { parameters: 'maxAttempt=3' }), general])).toEqual([[1, true, limit(2)]]);
  });

  it('stops at the first error for which an active rule does something', () => {
    const errors = [
      { source: 'pilotErrorCode', code: 1099, diag: null },
      { source: 'exeErrorCode', code: 65, diag: null },
    ] as const;
    const other = aRow(2, 'no_retry', { errorSource: 'exeErrorCode', errorCode: 65 });
    expect(judge([aRow(1, 'no_retry'), other], aJob({ errors })).map((d) => d.ruleId)).toEqual([1]);
    expect(judge([aRow(1, 'no_retry', { active: false }), other], aJob({ errors })).map((d) => d.ruleId)).toEqual([1, 2]);
    expect(judge([aRow(1, 'increase_cputime'), other], aJob({ errors, measurementAsked: true })).map((d) => d.ruleId)).toEqual([
      1, 2,
    ]);
  });

  it('forgets expired rules', () => {
    expect(judge([aRow(1, 'no_retry', { expirationDate: minutesAgo(1) })])).toEqual([]);
    expect(judge([aRow(1, 'no_retry', { expirationDate: minutesAgo(-1) })])).toHaveLength(1);
  });

  it('never raises a limit of attempts, whatever the rules say', () => {
    const row = fc.record({ action: fc.constantFrom('no_retry', 'limit_retry'), max: fc.nat(30), active: fc.boolean() });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 6 }), fc.nat(20), fc.nat(20), (list, attemptNr, maxAttempt) => {
        const rows = list.map((r, i) => aRow(i, r.action, { active: r.active, parameters: `maxAttempt=${r.max}` }));
        for (const decision of judge(rows, aJob({ attemptNr, maxAttempt }))) {
          if (decision.effect.kind === 'limitAttempts') expect(decision.effect.maxAttempt).toBeLessThan(maxAttempt);
        }
      }),
    );
  });
});

describe('giving more memory', () => {
  it.each([
    ['what it used', { maxPss: 3_500 * 1024 }, 4000],
    ['what it asked for', { minRamCount: 4000, maxPss: null }, 6000],
    ['what it asked for, exactly a step', { minRamCount: 2000, maxPss: 0 }, 3000],
    ['both, per core', { cores: 8, minRamCount: 16_500, baseRamCount: 500, maxPss: 12_000 * 1024 }, 3000],
    [
      'both, for the whole job',
      { ramPerCore: false, cores: 8, minRamCount: 5_000, maxPss: 4_500 * 1024, taskRamCount: 4_000 },
      6000,
    ],
    ['nothing known', { minRamCount: null, maxPss: null, taskRamCount: null, cores: null, baseRamCount: null }, 1000],
  ] as const)('takes the next step above %s', (_title, more, ramCount) => {
    expect(judgeMemory({ ...memory, ...more })).toEqual({ kind: 'raiseFiles', ramCount });
  });

  it('raises the task when more than 30 % of its files are above it', () => {
    expect(judgeMemory({ ...memory, filesAboveTask: 3 }).kind).toBe('raiseFiles');
    expect(judgeMemory({ ...memory, filesAboveTask: 4 }).kind).toBe('raiseTask');
  });

  it('does nothing at the limit, or when the task gives more already', () => {
    expect(judgeMemory({ ...memory, minRamCount: 8000 })).toMatchObject({ kind: 'none' });
    expect(judgeMemory({ ...memory, maxPss: 9_000 * 1024 })).toMatchObject({ kind: 'none' });
    expect(judgeMemory({ ...memory, taskRamCount: 4000 })).toEqual({
      kind: 'none',
      reason: 'the task gives 4000 MB to new jobs already',
    });
  });

  it('RETRY-03 always gives more than before, and never more than the limit', () => {
    const facts = fc.record({
      cores: fc.constantFrom(null, 0, 1, 8),
      minRamCount: fc.option(fc.nat(80_000)),
      maxPss: fc.option(fc.nat(90_000 * 1024)),
      taskRamCount: fc.option(fc.nat(10_000)),
      ramPerCore: fc.boolean(),
      baseRamCount: fc.option(fc.nat(4_000)),
      files: fc.nat(100),
      filesAboveTask: fc.nat(100),
    });
    fc.assert(
      fc.property(facts, (f) => {
        const verdict = judgeMemory(f);
        if (verdict.kind === 'none') return;
        const units = f.ramPerCore ? f.cores || 1 : 1;
        expect(memorySteps).toContain(verdict.ramCount);
        expect(verdict.ramCount).toBeLessThanOrEqual(memoryMax);
        expect(verdict.ramCount).toBeGreaterThan(((f.minRamCount ?? 0) - (f.baseRamCount ?? 0)) / units);
        expect(verdict.ramCount).toBeGreaterThanOrEqual(f.taskRamCount ?? 0);
      }),
    );
  });
});
