import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { InputFileStatus } from '../file/input-file.machine.js';
import { aTask } from '../test-builders/planning.js';
import { type ExistingRecord, type FeedSituation, feedPlan } from './feed-plan.js';
import { feedRules } from './feed-rules.js';
import { type DatasetOutcome, feedVerdict, inconsistentFiles, needsNucleus } from './feed-verdict.js';
import { pseudoFile } from './listed-file.js';
import { type FeedRecord, recordsOf } from './records.js';

const dataset = {
  datasetId: 1,
  datasetName: 'd',
  containerName: null,
  type: 'input',
  attributes: null,
  isMaster: true,
  isUpdate: false,
};

function situation(rule: string, parameters: object = {}, changes: Partial<FeedSituation> = {}): FeedSituation {
  const task = aTask({ rule });
  return {
    task,
    dataset,
    rules: feedRules(task, parameters as never, dataset),
    isFirstFeed: true,
    isRunning: false,
    isMutable: false,
    isPrestaging: false,
    state: 'closed',
    nFilesToBeUsed: 0,
    nFilesUsed: 0,
    ...changes,
  };
}

const fileRecords = (count: number): FeedRecord[] =>
  Array.from({ length: count }, (_, i) => ({
    ...pseudoFile(`f${String(i).padStart(5, '0')}`),
    fsize: 1000,
    nEvents: 100,
    startEvent: null,
    endEvent: null,
    firstEvent: null,
  }));
const rows = (count: number, status: InputFileStatus, from = 0): ExistingRecord[] =>
  Array.from({ length: count }, (_, i) => ({
    fileId: from + i + 1,
    lfn: `f${String(from + i).padStart(5, '0')}`,
    startEvent: null,
    endEvent: null,
    status,
    nEvents: 100,
  }));
const statuses = (plan: ReturnType<typeof feedPlan>) => {
  const counts: Record<string, number> = {};
  for (const { status } of plan.inserts) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

describe('feeding a dataset for the first time', () => {
  it('inserts everything and holds back all but the scouts', () => {
    const plan = feedPlan(fileRecords(50), [], situation('US=2'));
    expect(statuses(plan)).toEqual({ ready: 50 });
    expect(plan).toMatchObject({
      nFiles: 50,
      nEvents: 5000,
      nFilesToBeUsed: 10,
      isFilled: true,
      scoutChunks: 0,
      state: 'closed',
    });
  });

  it.each([
    ['US=2,NF=3', {}, 30, 0],
    ['US=2,NE=150', { nEventsPerJob: 150, useRealNumEvents: true }, 15, 0],
    ['US=2,RR=1,MF=4', {}, 40, 0],
    ['US=1', {}, 50, 10],
    ['US=2,LX=3', {}, 50, 0],
  ])('scouts of %s take %#', (rule, parameters, toBeUsed, left) => {
    const at = situation(`${rule},UE=1`, parameters);
    const records = rule.includes('NE')
      ? recordsOf(
          fileRecords(50).map((f) => ({ ...f, events: 100 })),
          { ...at.rules, eventsPerJob: 100 },
        )
      : fileRecords(50);
    expect(feedPlan(records, [], at)).toMatchObject({ nFilesToBeUsed: toBeUsed, scoutChunks: left });
  });

  it('scouts are shared by the masters of a task', () => {
    const first = feedPlan(fileRecords(6), [], situation('US=2'));
    expect(first).toMatchObject({ nFilesToBeUsed: 6, scoutChunks: 4 });
    expect(feedPlan(fileRecords(50), [], situation('US=2', {}, { scoutChunks: first.scoutChunks })).nFilesToBeUsed).toBe(4);
  });

  it('input on its way from tape waits in staging', () => {
    const plan = feedPlan(fileRecords(5), [], situation('US=1', {}, { isMutable: true, isPrestaging: true, state: 'mutable' }));
    expect(statuses(plan)).toEqual({ staging: 5 });
    expect(plan).toMatchObject({ isFilled: false, nFilesToBeUsed: 0, state: 'mutable' });
  });
});

describe('feeding again', () => {
  it('adds what is new, forgets what is gone, leaves what is used', () => {
    const existing = [...rows(2, 'finished'), ...rows(1, 'running', 2), ...rows(2, 'ready', 3), ...rows(1, 'lost', 90)];
    const listing = [...fileRecords(4), ...fileRecords(7).slice(5)];
    const plan = feedPlan(listing, existing, situation('US=3', {}, { isFirstFeed: false, isRunning: true }));
    expect(plan.inserts.map((i) => i.record.lfn)).toEqual(['f00005', 'f00006']);
    expect(plan.lost).toEqual([5]);
    expect(plan).toMatchObject({ nFiles: 6, nEvents: 600, nFilesToBeUsed: 6 });
  });

  it('input that came while scouts run waits for the avalanche', () => {
    const at = situation('US=2', {}, { isFirstFeed: false, nFilesToBeUsed: 10, nFilesUsed: 10 });
    expect(feedPlan(fileRecords(40), rows(20, 'ready'), at).nFilesToBeUsed).toBe(10);
  });
});

describe('input that still arrives', () => {
  const open = { isMutable: true, state: 'mutable' as const, isFirstFeed: false, isRunning: true };

  it('is used in whole bunches of twenty jobs', () => {
    const plan = feedPlan(fileRecords(90), rows(30, 'pending'), situation('US=1,NF=2', {}, open));
    expect(plan.activate).toHaveLength(30);
    expect(statuses(plan)).toEqual({ ready: 50, pending: 10 });
    expect(plan).toMatchObject({ nFilesToBeUsed: 80, isFilled: true });
  });

  it('says what it waits for', () => {
    const plan = feedPlan(fileRecords(30), [], situation('US=1,NF=2', {}, open));
    expect(plan).toMatchObject({ isFilled: false, waitsFor: '30 files available, 40 files required' });
    expect(statuses(plan)).toEqual({ pending: 30 });
  });

  it('is used file by file without pooling, in bunches as the task says', () => {
    expect(feedPlan(fileRecords(3), [], situation('US=1,NI=1', {}, open)).nFilesToBeUsed).toBe(3);
    expect(feedPlan(fileRecords(9), [], situation('US=1,NT=4', {}, open)).nFilesToBeUsed).toBe(8);
  });

  it('is used in whole jobs of the task’s own rule', () => {
    const plan = feedPlan(fileRecords(11), [], situation('US=1,RR=1,MF=3,NI=1', {}, open));
    expect(plan.nFilesToBeUsed).toBe(9);
  });

  it('of secondary streams is used at once', () => {
    const at = situation('US=1', {}, { ...open, dataset: { ...dataset, isMaster: false } });
    expect(statuses(feedPlan(fileRecords(3), [], at))).toEqual({ ready: 3 });
  });

  it('is used completely when everything is staged; the master is closed then', () => {
    const at = situation('US=1', {}, { ...open, isPrestaging: true });
    const plan = feedPlan(fileRecords(3), rows(3, 'pending'), at);
    expect(plan.activate).toEqual([1, 2, 3]);
    expect(plan.state).toBe('closed');
  });

  it('is enough when the task has what it asked for', () => {
    const plan = feedPlan(fileRecords(4), [], situation('US=1,NI=1', { nFiles: 4 }, open));
    expect(plan.state).toBe('open');
  });
});

describe('what always holds', () => {
  it('counters agree with rows, nothing is inserted twice', () => {
    const status = fc.constantFrom<InputFileStatus>('ready', 'pending', 'finished', 'running', 'lost', 'missing');
    fc.assert(
      fc.property(
        fc.nat({ max: 60 }),
        fc.array(status, { maxLength: 30 }),
        fc.boolean(),
        fc.constantFrom('', 'NF=2', 'RR=1,MF=3'),
        (count, list, isMutable, rule) => {
          const existing = list.map((s, i) => ({ ...(rows(1, s, i)[0] as ExistingRecord) }));
          const plan = feedPlan(
            fileRecords(count),
            existing,
            situation(`US=1,NT=2,${rule}`, {}, { isMutable, isFirstFeed: false, isRunning: true }),
          );
          const names = new Set([...existing.map((e) => e.lfn), ...plan.inserts.map((i) => i.record.lfn)]);
          expect(names.size).toBe(existing.length + plan.inserts.length);
          const gone = existing.filter((e) => ['lost', 'missing'].includes(e.status)).length;
          expect(plan.nFiles).toBe(names.size - gone - plan.lost.length);
          expect(plan.nFilesToBeUsed).toBeLessThanOrEqual(plan.nFiles);
        },
      ),
    );
  });
});

describe('the verdict over a task', () => {
  const context = (rule = '', changes: object = {}) => ({
    task: aTask({ rule }),
    parentWorks: false,
    needsNucleus: false,
    ...changes,
  });
  const fed = (files: number, changes: object = {}): DatasetOutcome => ({
    kind: 'fed',
    isMaster: true,
    files,
    isFilled: true,
    ...changes,
  });

  it('generates jobs when everything is there, or asks for a nucleus', () => {
    expect(feedVerdict([fed(3), fed(0, { isMaster: false })], context())).toEqual({ kind: 'generate' });
    expect(feedVerdict([fed(3)], context('', { needsNucleus: true }))).toEqual({ kind: 'assign' });
  });

  it('refuses empty or unreadable input', () => {
    expect(feedVerdict([fed(0)], context())).toEqual({ kind: 'refuse', reason: 'no master input files. input dataset is empty' });
    expect(feedVerdict([fed(3), { kind: 'unreadable', reason: 'r' }], context())).toEqual({ kind: 'refuse', reason: 'r' });
  });

  it('waits for empty input that may come', () => {
    expect(feedVerdict([fed(0)], context('AE=1'))).toMatchObject({ kind: 'wait' });
    expect(feedVerdict([fed(0)], context('NW=1', { parentWorks: true }))).toMatchObject({ kind: 'wait' });
  });

  it('waits for data management with a time-out, for arriving input without', () => {
    expect(feedVerdict([{ kind: 'unavailable', reason: 'r' }], context())).toEqual({ kind: 'wait', reason: 'r', freezes: true });
    expect(feedVerdict([fed(3, { isFilled: false, waitsFor: 'x' })], context())).toEqual({
      kind: 'wait',
      reason: 'insufficient inputs are ready. x',
      freezes: false,
    });
  });

  it.each([
    [{ prodSourceLabel: 'user' }, [null], false],
    [{ prodSourceLabel: 'managed' }, [null], true],
    [{ prodSourceLabel: 'managed', cloud: 'US' }, [null], false],
    [{ prodSourceLabel: 'managed', cloud: 'WORLD' }, ['x'], true],
    [{ prodSourceLabel: 'managed', cloud: 'WORLD', nucleus: 'N' }, ['x'], false],
    [{ prodSourceLabel: 'managed', cloud: 'WORLD', nucleus: 'N' }, [null], true],
  ])('%j with destinations %j needs a nucleus: %s', (task, destinations, expected) => {
    expect(needsNucleus(aTask(task), destinations)).toBe(expected);
  });

  it('files without counterpart are found by their index', () => {
    const a = {
      files: [
        { fileId: 1, lfn: 'x.1._a.root' },
        { fileId: 2, lfn: 'x.1._b.root' },
        { fileId: 3, lfn: 'odd' },
      ],
    };
    const b = { files: [{ fileId: 4, lfn: 'y.1._b.root' }] };
    expect(inconsistentFiles([a, b])).toEqual([1]);
  });
});
