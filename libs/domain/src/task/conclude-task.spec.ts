import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { step } from '../machine/machine.js';
import { type ConcludedTask, completenessOf, concludeTask, type MasterInput, progressOf } from './conclude-task.js';
import { taskMachine } from './task.machine.js';

function aMaster(nFiles: number, nFilesFinished: number, more: Partial<MasterInput> = {}): MasterInput {
  return {
    status: 'done',
    state: 'closed',
    nFiles,
    nFilesFinished,
    nFilesFailed: nFiles - nFilesFinished,
    nEvents: null,
    nEventsUsed: null,
    ...more,
  };
}

it('says parts, not input files, of a task without input', () => {
  const made = (nFinished: number) => concludeTask(aTask([aMaster(2, nFinished, { isPseudo: true })])).reason;
  expect([made(0), made(1)]).toEqual(['none of 2 parts finished', '1 of 2 parts finished']);
});

function aTask(masters: readonly MasterInput[], more: Partial<ConcludedTask> = {}): ConcludedTask {
  return {
    status: 'prepared',
    masters,
    parentStatus: null,
    goal: null,
    failsBelowGoal: false,
    usesExhausted: false,
    isHpo: false,
    nEventsFinished: 0,
    ...more,
  };
}

const endOf = (task: ConcludedTask) => concludeTask(task).event;

describe('the final status of a task', () => {
  it('is done when the entire workload succeeded', () => {
    expect(endOf(aTask([aMaster(4, 4), aMaster(2, 2)]))).toBe('allSucceeded');
  });

  it('is failed when the entire workload failed', () => {
    expect(endOf(aTask([aMaster(4, 0)]))).toBe('noneSucceeded');
  });

  it('is finished when the workload partly succeeded', () => {
    expect(concludeTask(aTask([aMaster(4, 3), aMaster(1, 1)]))).toEqual({
      event: 'partlySucceeded',
      completeness: 800,
      reason: '4 of 5 input files finished',
    });
  });

  it('is broken or aborted when that was decided before, whatever the counters say', () => {
    expect(endOf(aTask([aMaster(4, 4)], { status: 'tobroken' }))).toBe('concludedBroken');
    expect(endOf(aTask([aMaster(4, 4)], { status: 'toabort' }))).toBe('concludedAborted');
  });

  it.each([
    ['done', 'allSucceeded'],
    ['finished', 'partlySucceeded'],
    ['running', 'partlySucceeded'],
    ['failed', 'noneSucceeded'],
    ['broken', 'noneSucceeded'],
    ['aborted', 'noneSucceeded'],
  ] as const)('with all input finished and a parent that is %s, is %s', (parentStatus, event) => {
    expect(endOf(aTask([aMaster(4, 4)], { parentStatus }))).toBe(event);
  });

  it('is not done while a dataset of the parent still grows', () => {
    expect(endOf(aTask([aMaster(4, 4, { state: 'mutable' })], { parentStatus: 'done' }))).toBe('partlySucceeded');
    expect(endOf(aTask([aMaster(4, 4, { state: 'mutable' })]))).toBe('allSucceeded');
  });

  it('leaves removed datasets out', () => {
    expect(endOf(aTask([aMaster(4, 4), aMaster(9, 0, { status: 'removed' })]))).toBe('allSucceeded');
  });

  it('is failed without any input file', () => {
    expect(concludeTask(aTask([]))).toMatchObject({ event: 'noneSucceeded', completeness: 0 });
    expect(endOf(aTask([aMaster(0, 0)]))).toBe('noneSucceeded');
  });

  it('asks the goal in events where there are events', () => {
    const masters = [aMaster(10, 9, { nEvents: 1_000, nEventsUsed: 400 })];
    expect(endOf(aTask(masters, { failsBelowGoal: true, goal: 500 }))).toBe('noneSucceeded');
    expect(endOf(aTask(masters, { failsBelowGoal: true, goal: 400 }))).toBe('partlySucceeded');
    expect(endOf(aTask(masters, { failsBelowGoal: true }))).toBe('noneSucceeded');
    expect(endOf(aTask(masters, { goal: 500 }))).toBe('partlySucceeded');
  });

  it('is exhausted instead, once, for a task that lets its user decide', () => {
    const masters = [aMaster(10, 9)];
    expect(endOf(aTask(masters, { usesExhausted: true, failsBelowGoal: true }))).toBe('goalMissed');
    expect(endOf(aTask(masters, { usesExhausted: true, failsBelowGoal: true, status: 'passed' }))).toBe('noneSucceeded');
    expect(endOf(aTask(masters, { usesExhausted: true, status: 'passed' }))).toBe('partlySucceeded');
  });

  it('is finished for an optimisation with at least one evaluated point', () => {
    expect(endOf(aTask([aMaster(10, 0)], { isHpo: true, nEventsFinished: 1 }))).toBe('partlySucceeded');
    expect(endOf(aTask([aMaster(10, 0)], { isHpo: true }))).toBe('noneSucceeded');
  });

  it('is always a legal move and done only with every file', () => {
    const master = fc
      .record({
        nFiles: fc.nat({ max: 20 }),
        part: fc.double({ min: 0, max: 1, noNaN: true }),
        status: fc.constantFrom('done', 'removed'),
      })
      .map(({ nFiles, part, status }) => aMaster(nFiles, Math.floor(nFiles * part), { status }));
    const task = fc
      .record({
        masters: fc.array(master, { maxLength: 4 }),
        status: fc.constantFrom('prepared', 'passed', 'tobroken', 'toabort' as const),
        parentStatus: fc.constantFrom(null, ...taskMachine.states),
        goal: fc.constantFrom(null, 300, 1000),
        failsBelowGoal: fc.boolean(),
        usesExhausted: fc.boolean(),
      })
      .map((more) => aTask(more.masters, more as Partial<ConcludedTask>));
    fc.assert(
      fc.property(task, (t) => {
        const { event, completeness } = concludeTask(t);
        expect(() => step(taskMachine, t.status, event)).not.toThrow();
        expect(completeness).toBeGreaterThanOrEqual(0);
        expect(completeness).toBeLessThanOrEqual(1000);
        const kept = t.masters.filter((m) => m.status !== 'removed');
        if (event === 'allSucceeded') expect(kept.every((m) => m.nFiles === m.nFilesFinished)).toBe(true);
      }),
    );
  });
});

describe('the progress of a task', () => {
  it('is in percent of all files, and 100 only when all are finished', () => {
    expect(progressOf([aMaster(1_000, 999)])).toEqual({ progress: 99, failureRate: 0 });
    expect(progressOf([aMaster(3, 3)])).toEqual({ progress: 100, failureRate: 0 });
    expect(progressOf([aMaster(4, 1), aMaster(4, 2)])).toEqual({ progress: 37, failureRate: 62 });
    expect(progressOf([])).toEqual({ progress: 0, failureRate: 0 });
  });

  it('is complete per mille of events before files', () => {
    expect(completenessOf([aMaster(2, 1, { nEvents: 1_000, nEventsUsed: 999 })])).toBe(999);
    expect(completenessOf([aMaster(3, 2)])).toBe(666);
  });
});
