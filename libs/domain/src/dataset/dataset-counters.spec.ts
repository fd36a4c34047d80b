import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type InputFileStatus, inputFileMachine } from '../file/input-file.machine.js';
import { afterUnsuccessfulAttempt, attemptsExhausted, inputFileOutcome, isUsable } from '../file/input-file-outcome.js';
import { eventsIn, step } from '../machine/machine.js';
import {
  type CountedFile,
  conclusionOf,
  counterDelta,
  countsOf,
  isSettled,
  noCounts,
  outputConclusionOf,
  recount,
  sumOfCounts,
} from './dataset-counters.js';

function aFile(status: InputFileStatus, more: Partial<CountedFile> = {}): CountedFile {
  return { status, attemptNr: 0, maxAttempt: 3, failedAttempt: 0, maxFailure: null, nEvents: 100, ...more };
}

describe('the outcome of an input file', () => {
  it.each([
    [aFile('finished'), 'finished'],
    [aFile('failed'), 'failed'],
    [aFile('cancelled'), 'failed'],
    [aFile('ready', { attemptNr: 3 }), 'failed'],
    [aFile('ready', { attemptNr: 1, failedAttempt: 1, maxFailure: 1 }), 'failed'],
    [aFile('ready', { attemptNr: 9, maxAttempt: null }), 'open'],
    [aFile('ready', { attemptNr: 2 }), 'open'],
    [aFile('missing'), 'lost'],
    [aFile('lost'), 'lost'],
    [aFile('broken'), 'broken'],
    [aFile('picked'), 'open'],
    [aFile('running', { attemptNr: 3 }), 'open'],
    [aFile('partial'), 'open'],
    [aFile('pending'), 'open'],
    [aFile('staging'), 'open'],
  ] as const)('reads %j as %s', (file, outcome) => {
    expect(inputFileOutcome(file)).toBe(outcome);
  });

  it('is exactly one for every row', () => {
    for (const status of inputFileMachine.states) {
      for (const attemptNr of [0, 3]) {
        const outcome = inputFileOutcome(aFile(status, { attemptNr }));
        expect(['finished', 'failed', 'lost', 'broken', 'open']).toContain(outcome);
      }
    }
  });

  it('lets a file be tried until its attempts are used up', () => {
    let file = aFile('ready', { maxFailure: 2 });
    let tries = 0;
    while (isUsable(file)) {
      file = afterUnsuccessfulAttempt(file, tries % 2 === 0);
      tries += 1;
    }
    expect({ tries, attemptNr: file.attemptNr, failedAttempt: file.failedAttempt }).toEqual({
      tries: 3,
      attemptNr: 3,
      failedAttempt: 2,
    });
    expect(attemptsExhausted(file)).toBe(true);
  });
});

/** One more step of a file's life, as the writer would make it. */
function live(file: CountedFile, choice: number): CountedFile {
  const events = eventsIn(inputFileMachine, file.status);
  const event = events[choice % events.length];
  if (event === undefined || (event === 'picked' && !isUsable(file))) return file;
  if (event === 'attemptEnded') return afterUnsuccessfulAttempt(file, choice % 2 === 0);
  const status = step(inputFileMachine, file.status, event);
  return event === 'retried' ? { ...file, status, maxAttempt: (file.maxAttempt ?? 0) + 5 } : { ...file, status };
}

describe('the counters of an input dataset', () => {
  it.each([
    ['picking counts as used', aFile('ready'), aFile('picked'), { nFilesUsed: 1 }],
    ['giving back undoes it', aFile('picked'), aFile('ready'), { nFilesUsed: -1 }],
    ['finishing keeps it used', aFile('running'), aFile('finished'), { nFilesFinished: 1, nEventsUsed: 100 }],
    ['failing with attempts left frees it', aFile('running'), aFile('ready', { attemptNr: 1 }), { nFilesUsed: -1 }],
    [
      'failing for the last time counts as failed',
      aFile('running', { attemptNr: 2 }),
      aFile('ready', { attemptNr: 3 }),
      { nFilesFailed: 1 },
    ],
    ['a cancelled unused file is used and failed', aFile('ready'), aFile('cancelled'), { nFilesUsed: 1, nFilesFailed: 1 }],
    ['a lost file is neither', aFile('ready'), aFile('lost'), {}],
    [
      'more attempts revive a failed file',
      aFile('ready', { attemptNr: 3 }),
      aFile('ready', { attemptNr: 3, maxAttempt: 8 }),
      { nFilesUsed: -1, nFilesFailed: -1 },
    ],
    [
      'recovery takes its events back',
      aFile('finished'),
      aFile('ready'),
      { nFilesUsed: -1, nFilesFinished: -1, nEventsUsed: -100 },
    ],
  ] as const)('%s', (_title, before, after, delta) => {
    expect(counterDelta(before, after)).toEqual({ ...noCounts, ...delta });
  });

  it('follow any life of any files by deltas alone, and stay within bounds', () => {
    const choices = fc.array(fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 1_000 })), { maxLength: 80 });
    fc.assert(
      fc.property(choices, (walk) => {
        const files = Array.from({ length: 5 }, (_, i) => aFile('ready', { nEvents: i === 0 ? null : i * 10 }));
        let counters = recount(files);
        for (const [index, choice] of walk) {
          const before = files[index] ?? aFile('ready');
          const after = live(before, choice);
          files[index] = after;
          counters = sumOfCounts([counters, counterDelta(before, after)]);
        }
        expect(counters).toEqual(recount(files));
        const { nFilesUsed, nFilesFinished, nFilesFailed } = counters;
        expect(Math.min(nFilesFinished, nFilesFailed)).toBeGreaterThanOrEqual(0);
        expect(nFilesFinished + nFilesFailed).toBeLessThanOrEqual(nFilesUsed);
        expect(nFilesUsed).toBeLessThanOrEqual(files.length);
      }),
      { numRuns: 300 },
    );
  });

  it('counts one file once', () => {
    for (const status of inputFileMachine.states) {
      const c = countsOf(aFile(status));
      expect(c.nFilesUsed).toBeLessThanOrEqual(1);
      expect(c.nFilesFinished + c.nFilesFailed).toBeLessThanOrEqual(c.nFilesUsed);
    }
  });
});

describe('the end of a dataset', () => {
  const counts = { nFiles: 10, nFilesToBeUsed: 10, nFilesUsed: 10, nFilesFinished: 7, nFilesFailed: 3 };

  it('comes when every file to be used has an outcome', () => {
    expect(isSettled(counts)).toBe(true);
    expect(isSettled({ ...counts, nFilesFailed: 2 })).toBe(false);
    expect(isSettled({ ...counts, nFilesUsed: 0, nFilesFinished: 0, nFilesFailed: 0 })).toBe(false);
    expect(isSettled({ nFiles: 0, nFilesToBeUsed: 0, nFilesUsed: 0, nFilesFinished: 0, nFilesFailed: 0 })).toBe(true);
  });

  it('tells all, some or none for a master, and done for a secondary', () => {
    expect(conclusionOf(counts, true)).toBe('partlyProcessed');
    expect(conclusionOf({ nFiles: 10, nFilesFinished: 10 }, true)).toBe('allProcessed');
    expect(conclusionOf({ nFiles: 10, nFilesFinished: 0 }, true)).toBe('noneProcessed');
    expect(conclusionOf(counts, false)).toBe('allProcessed');
  });

  it('concludes output with its task', () => {
    expect(outputConclusionOf({ nFiles: 4, nFilesFinished: 4 }, true)).toBe('concludedComplete');
    expect(outputConclusionOf({ nFiles: 4, nFilesFinished: 3 }, true)).toBe('concludedPartly');
    expect(outputConclusionOf({ nFiles: 4, nFilesFinished: 4 }, false)).toBe('concludedFailed');
  });
});
