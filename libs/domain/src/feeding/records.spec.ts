import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aTask, fixedRandom } from '../test-builders/planning.js';
import { eventsPerFileOf, type FedDataset, feedRules } from './feed-rules.js';
import { itemFilter, segmentOf } from './item-filter.js';
import { type ListedFile, listedFileOf, pseudoFile } from './listed-file.js';
import { pseudoFiles, sequenceCount } from './pseudo-files.js';
import { MAX_RECORDS, recordKey, recordsOf, TooManyRecords } from './records.js';
import { selectedFiles } from './selected-files.js';

const dataset = (changes: Partial<FedDataset> = {}): FedDataset => ({
  datasetId: 1,
  datasetName: 'user.bob.in',
  containerName: 'user.bob.in/',
  type: 'input',
  attributes: null,
  isMaster: true,
  isUpdate: false,
  ...changes,
});
const seq = (changes: Partial<FedDataset> = {}) =>
  dataset({ datasetName: 'seq_number', type: 'pseudo_input', isMaster: false, ...changes });
const pseudo = dataset({ datasetName: 'pseudo_dataset', type: 'pseudo_input' });
const file = (lfn: string, changes: Partial<ListedFile> = {}): ListedFile => ({ ...pseudoFile(lfn), fsize: 1000, ...changes });
const listed = (...events: (number | null)[]) => events.map((n, i) => file(`f${i + 1}`, { events: n }));
const rules = (parameters: object, rule = '', d = dataset()) => feedRules(aTask({ rule }), parameters as never, d);
const spans = (records: ReturnType<typeof recordsOf>) => records.map((r) => [r.lfn, r.startEvent, r.endEvent]);
const none = { masterFiles: 0, usedElsewhere: 0 };

describe('pseudo files', () => {
  it('a task without input has one unit, cut into its events', () => {
    const parameters = { noInput: true, nEvents: 3, nEventsPerJob: 1 };
    const files = pseudoFiles(aTask(), parameters, pseudo, none);
    expect(files.map((f) => f.lfn)).toEqual(['pseudo_lfn']);
    expect(spans(recordsOf(files, rules(parameters, 'NE=1', pseudo)))).toEqual([
      ['pseudo_lfn', 0, 0],
      ['pseudo_lfn', 1, 1],
      ['pseudo_lfn', 2, 2],
    ]);
  });

  it.each([
    ['as many as said', seq({ attributes: 'nr=7' }), { nFiles: 3 }, '', 7],
    ['one per file', seq(), { nFiles: 3 }, '', 3],
    ['one per part of a file', seq(), { nFiles: 3, nEventsPerFile: 250, nEventsPerJob: 100 }, '', 9],
    ['one per range', seq(), { nFiles: 3, nEventsPerFile: 250, nEventsPerRange: 100 }, '', 7],
    ['one per job of events', seq(), { nEvents: 250, nEventsPerJob: 100 }, '', 3],
    ['one per job of files', seq(), { nEvents: 1000, nEventsPerFile: 100 }, 'NF=4', 3],
    ['plenty when nothing is known', seq(), {}, '', 10_005],
  ])('numbers: %s', (_what, d, parameters, rule, expected) => {
    expect(sequenceCount(aTask({ rule }), parameters, d, { masterFiles: 20, usedElsewhere: 5 })).toBe(expected);
  });

  it('numbers start behind their offset and keep their order', () => {
    const files = pseudoFiles(aTask(), { nFiles: 12 }, seq({ attributes: 'of=10' }), none);
    expect(files.map((f) => f.lfn)).toEqual(['11', '12', '13', '14', '15', '16', '17', '18', '19', '20', '21', '22']);
    const selection = { filter: { files: [], include: [], exclude: [] }, random: fixedRandom };
    expect(selectedFiles(files, seq({ attributes: 'of=10' }), selection)).toHaveLength(12);
    expect(selectedFiles(pseudoFiles(aTask(), { nFiles: 12 }, seq(), none), seq(), selection).at(-1)?.lfn).toBe('12');
  });

  it('addresses become numbered names', () => {
    const parameters = { pfnList: ['root://a/x/f1', 'root://a/f2', 'root://a/f3'], nFiles: 2 };
    expect(pseudoFiles(aTask({ rule: 'PL=1' }), parameters, pseudo, none).map((f) => f.lfn)).toEqual(['000000:f1', '000001:f2']);
  });
});

describe('files of data management', () => {
  it('keep size, events and the kind of their checksum', () => {
    const listed = listedFileOf({ scope: 'user.bob', lfn: 'f', size: 7, adler32: '0a0b0c0d', events: 9 });
    expect(listed).toMatchObject({ fsize: 7, checksum: 'ad:0a0b0c0d', events: 9, guid: null, lumiBlockNr: null });
    expect(listedFileOf({ scope: 's', lfn: 'f', size: 7, md5: 'x' }).checksum).toBe('md5:x');
  });
});

describe('choosing files', () => {
  const item = (changes: object) => ({
    jobParameters: [
      { type: 'template', param_type: 'input', dataset: 'user.bob.in/', expandedList: ['user.bob.in'], ...changes },
    ],
  });
  const choose = (parameters: object, names: string[], d = dataset(), producedByParent?: ReadonlySet<string>) =>
    selectedFiles(
      names.map((n) => file(n)),
      d,
      {
        filter: itemFilter(parameters as never, d),
        random: fixedRandom,
        ...(producedByParent && { producedByParent }),
      },
    ).map((f) => f.lfn);
  const names = ['b.root', 'a.root', 'log.log.tgz.1', 'c.txt'];

  it('takes files by name, without what the item excludes', () => {
    expect(choose(item({ exclude: '\\.log\\.tgz(\\.\\d+)*$' }), names)).toEqual(['a.root', 'b.root', 'c.txt']);
    expect(choose(item({ include: '^a,txt$' }), names)).toEqual(['a.root', 'c.txt']);
    expect(choose(item({ files: ['c.txt', { lfn: 'a.root' }, 'gone'] }), names)).toEqual(['a.root', 'c.txt']);
  });

  it('leaves out an offset, counts a name once, and follows the parent', () => {
    expect(choose(item({}), ['c', 'a', 'b', 'a'], dataset({ attributes: 'of=1' }))).toEqual(['b', 'c']);
    expect(choose(item({}), ['a', 'b'], dataset({ attributes: 'cc' }), new Set(['b']))).toEqual(['b']);
  });

  it('shuffles only when asked, and loses nothing', () => {
    const many = Array.from({ length: 20 }, (_, i) => `f${String(i).padStart(2, '0')}`);
    const shuffledNames = choose(item({}), many, dataset({ attributes: 'rd' }));
    expect(shuffledNames).not.toEqual(many);
    expect([...shuffledNames].sort()).toEqual(many);
  });

  it('a pattern that could stall is only slow to read, never to run', () => {
    expect(choose(item({ include: '(a+)+$' }), [`${'a'.repeat(200)}!`])).toEqual([]);
  });

  it('segments bring files of their own', () => {
    const parameters = {
      jobParameters: [],
      segmentSpecs: [
        { name: 'x', id: 1, files: ['a'] },
        { name: 'y', id: 2, datasets: ['d'] },
      ],
    };
    expect(segmentOf(parameters, 'y/2')).toEqual({ files: [], datasets: ['d'] });
    expect(segmentOf(parameters, 'z/3')).toBeUndefined();
  });
});

describe('records of files', () => {
  it('are files unless events are asked for and known', () => {
    expect(spans(recordsOf(listed(100, null), rules({})))).toEqual([
      ['f1', null, null],
      ['f2', null, null],
    ]);
    expect(spans(recordsOf(listed(null), rules({ nEventsPerJob: 10 }, 'UE=1')))).toEqual([['f1', null, null]]);
  });

  it('run across file borders', () => {
    expect(spans(recordsOf(listed(150, 120), rules({ nEventsPerJob: 100 }, 'UE=1')))).toEqual([
      ['f1', 0, 99],
      ['f1', 100, 149],
      ['f2', 0, 49],
      ['f2', 50, 119],
    ]);
  });

  it('begin anew with a luminosity block', () => {
    const files = [file('f1', { events: 150, lumiBlockNr: 1 }), file('f2', { events: 120, lumiBlockNr: 2 })];
    expect(spans(recordsOf(files, rules({ nEventsPerJob: 100 }, 'UE=1,RL=1')))).toEqual([
      ['f1', 0, 99],
      ['f1', 100, 149],
      ['f2', 0, 99],
      ['f2', 100, 119],
    ]);
  });

  it('are equal parts of each file when a target is given', () => {
    expect(spans(recordsOf(listed(250), rules({ tgtNumEventsPerJob: 100 }, 'UE=1')))).toEqual([
      ['f1', 0, 83],
      ['f1', 84, 167],
      ['f1', 168, 249],
    ]);
  });

  it('number their first event over all files', () => {
    const records = recordsOf(listed(150, 120), rules({ nEventsPerJob: 100 }, 'UE=1,FT=1000'));
    expect(records.map((r) => r.firstEvent)).toEqual([1001, 1101, 1151, 1201]);
    expect(recordsOf(listed(null, null), rules({ nEventsPerFile: 50 })).map((r) => r.firstEvent)).toEqual([1, 51]);
  });

  it('count short files in whole jobs', () => {
    const parameters = { nEventsPerFile: 200, nEventsPerJob: 100, skipShortInput: true };
    expect(spans(recordsOf(listed(300, 150, 90), rules(parameters)))).toEqual([
      ['f1', 0, 99],
      ['f1', 100, 199],
      ['f2', 0, 99],
    ]);
  });

  it('stop at a number of files or events', () => {
    expect(recordsOf(listed(1, 1, 1), rules({ nFiles: 2 }))).toHaveLength(2);
    expect(recordsOf(listed(100, 100, 100), rules({ nEvents: 150 }))).toHaveLength(2);
    expect(spans(recordsOf(listed(100, 100), rules({ nEvents: 150, nEventsPerJob: 50 }, 'UE=1')))).toHaveLength(3);
    expect(feedRules(aTask(), { nFiles: 5 }, dataset(), 3).maxFiles).toBe(2);
  });

  it('leave out what other tasks have used', () => {
    const all = recordsOf(listed(100), rules({ nEventsPerJob: 50 }, 'UE=1'));
    const used = new Set([recordKey(all[0] as (typeof all)[number])]);
    expect(spans(recordsOf(listed(100), rules({ nEventsPerJob: 50 }, 'UE=1'), used))).toEqual([['f1', 50, 99]]);
  });

  it('are never more than the database should get', () => {
    expect(() => recordsOf(listed(MAX_RECORDS + 1), rules({ nEventsPerJob: 1 }, 'UE=1'))).toThrow(TooManyRecords);
    expect(() => recordsOf(listed(1e15), rules({ nEventsPerJob: 1 }, 'UE=1'))).toThrow('increase nEventsPerJob');
  });

  it('cover every event of every file once, in order', () => {
    const numbers = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 10 });
    const how = fc.constantFrom({ nEventsPerJob: 70 }, { nEventsPerJob: 1000 }, { tgtNumEventsPerJob: 90 });
    fc.assert(
      fc.property(numbers, how, (events, parameters) => {
        const records = recordsOf(listed(...events), rules(parameters, 'UE=1'));
        events.forEach((n, i) => {
          const parts = records.filter((r) => r.lfn === `f${i + 1}`);
          const covered = parts.flatMap((r) =>
            Array.from({ length: (r.endEvent ?? 0) - (r.startEvent ?? 0) + 1 }, (_, k) => (r.startEvent ?? 0) + k),
          );
          expect(covered).toEqual(Array.from({ length: n }, (_, k) => k));
        });
      }),
    );
  });
});

describe('rules of a dataset', () => {
  it('attempts: three, as said, or one', () => {
    expect([rules({}).maxAttempt, rules({ maxAttempt: 7 }).maxAttempt, rules({}, 'DR=1').maxAttempt]).toEqual([3, 7, 1]);
    expect(rules({ maxAttempt: 7 }, '', dataset({ isMaster: false, attributes: 'nosplit,repeat' }))).toMatchObject({
      maxAttempt: null,
      keepTrack: false,
    });
  });

  it.each([
    [{ nFiles: 4 }, 'np=3', 12],
    [{ nFiles: 4 }, 'ratio=0.5', 2],
    [{ nFiles: 4 }, 'nosplit', null],
    [{ nFiles: 4, nEventsPerFile: 250, nEventsPerJob: 100 }, '', 10],
    [{ nFiles: 4, useRealNumEvents: true }, '', null],
    [{}, 'np=3', null],
  ])('a secondary stream needs for %j with %s: %s files', (parameters, attributes, expected) => {
    expect(rules(parameters, '', dataset({ isMaster: false, attributes })).maxFiles).toBe(expected);
  });

  it('scouts belong to masters that have not been measured', () => {
    expect(rules({}, 'US=2').useScout).toBe(true);
    expect(rules({}, 'US=3').useScout).toBe(false);
    expect(rules({}, 'US=2', dataset({ isMaster: false })).useScout).toBe(false);
  });

  it('knows the older name of nEventsPerFile', () => {
    expect(eventsPerFileOf({ nEventsPerInputFile: 5 })).toBe(5);
  });
});
