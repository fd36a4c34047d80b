import { describe, expect, it } from '@jest/globals';
import { taskStatus } from '../task/task.machine.js';
import { judgeFinalisation, type MasterProgress, type TaskToFinalise } from './finalisation.js';

const now = new Date('2021-11-22T12:00:00Z');
const master: MasterProgress = {
  datasetId: 10,
  state: 'closed',
  stateCheckTime: null,
  isReady: true,
  nFiles: 4,
  nFilesToBeUsed: 4,
  nFilesUsed: 4,
  nFilesFinished: 3,
  nFilesFailed: 1,
};
const task: TaskToFinalise = {
  status: taskStatus.running,
  useScout: undefined,
  walltimeUnit: null,
  assessedAt: null,
  masters: [master],
  liveJobs: 0,
  unmerged: 0,
  startedJobs: 4,
  startedFiles: 4,
  finishedJobs: 3,
};
const kindOf = (over: Partial<TaskToFinalise>) => judgeFinalisation({ ...task, ...over }, now);

describe('finalisation', () => {
  it('settles a task when every file to be used has an outcome', () => {
    expect(kindOf({})).toEqual({ kind: 'settled' });
    expect(kindOf({ masters: [{ ...master, nFilesFinished: 2 }] })).toMatchObject({ kind: 'wait', reason: 'input is left' });
  });

  it('waits for live jobs and for output that must be merged', () => {
    expect(kindOf({ liveJobs: 2 })).toEqual({ kind: 'wait', reason: '2 jobs are alive' });
    expect(kindOf({ unmerged: 3 })).toEqual({ kind: 'wait', reason: '3 output files must be merged' });
  });

  it('never settles a task without a master, nor one in another state', () => {
    expect(kindOf({ masters: [] }).kind).toBe('wait');
    expect(kindOf({ status: taskStatus.paused }).kind).toBe('wait');
  });

  it('looks a growing master up again, but not right after it was looked up', () => {
    const grows = { ...master, state: 'mutable' as const };
    expect(kindOf({ masters: [grows] })).toEqual({ kind: 'lookup', datasetIds: [10] });
    expect(kindOf({ masters: [{ ...grows, stateCheckTime: new Date(now.getTime() - 30_000) }] }).kind).toBe('wait');
    expect(kindOf({ masters: [{ ...grows, isReady: false }] }).kind).toBe('wait');
  });

  it('DYNOPT-01 opens the avalanche with half of the scouts, counting those not yet made', () => {
    const scouting = { status: taskStatus.scouting, useScout: 2 };
    const ten = { ...master, nFiles: 100, nFilesToBeUsed: 10, nFilesUsed: 10, nFilesFinished: 4, nFilesFailed: 0 };
    const made = { ...scouting, masters: [ten], startedJobs: 10, startedFiles: 10 };
    expect(kindOf({ ...made, finishedJobs: 4 }).kind).toBe('wait');
    expect(kindOf({ ...made, finishedJobs: 5 })).toMatchObject({ kind: 'measure', avalanche: { why: 'enoughFinished' } });
    expect(kindOf({ ...scouting, masters: [ten], startedJobs: 1, startedFiles: 1, finishedJobs: 1 }).kind).toBe('wait');
    expect(kindOf({ ...scouting, masters: [ten], startedJobs: 2, startedFiles: 10, finishedJobs: 1 }).kind).toBe('measure');
  });

  it('opens the avalanche when no scout is left, whatever became of them', () => {
    const failed = { ...master, nFilesFinished: 0, nFilesFailed: 4 };
    expect(kindOf({ status: taskStatus.scouting, masters: [failed], finishedJobs: 0 })).toMatchObject({
      kind: 'measure',
      avalanche: { why: 'nothingLeft', forced: false },
    });
  });

  it('tells whether preprocessing succeeded', () => {
    const preprocessing = { status: taskStatus.preprocessing };
    expect(kindOf(preprocessing)).toEqual({ kind: 'preprocessed', succeeded: true });
    expect(kindOf({ ...preprocessing, masters: [{ ...master, nFilesFinished: 0, nFilesFailed: 4 }] })).toEqual({
      kind: 'preprocessed',
      succeeded: false,
    });
  });
});
