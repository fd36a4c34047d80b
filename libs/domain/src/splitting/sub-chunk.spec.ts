import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GIB, MIB } from '../task/task-sizes.js';
import { aChunk, aQueue, aStream, aTask, files } from '../test-builders/planning.js';
import type { InputChunk } from './input-chunk.js';
import { InputCursor } from './input-cursor.js';
import { splitLimits } from './split-limits.js';
import { cutSubChunk, type SubChunk } from './sub-chunk.js';

function cutAll(chunk: InputChunk, queue = aQueue('Q')): SubChunk[] {
  const cursor = new InputCursor(chunk);
  const limits = splitLimits(chunk, queue);
  const jobs: SubChunk[] = [];
  for (let job = cutSubChunk(cursor, limits); job !== undefined; job = cutSubChunk(cursor, limits)) jobs.push(job);
  return jobs;
}

/** File ids per job of one stream. */
const ids = (jobs: SubChunk[], stream = 0) => jobs.map((job) => (job.inputs[stream]?.files ?? []).map((file) => file.fileId));
const closed = (jobs: SubChunk[]) => jobs.map((job) => job.closedBy);
const small = { fsize: MIB };

describe('cutting input into jobs', () => {
  it('JOBSIZING-02 nFilesPerJob is used as it is, whatever the queue offers', () => {
    const jobs = cutAll(
      aChunk({ task: aTask({ rule: 'NF=2' }), master: aStream(1, 'IN', files(5)) }),
      aQueue('Q', { maxwdir: 9000 }),
    );
    expect(ids(jobs)).toEqual([[1, 2], [3, 4], [5]]);
    expect(closed(jobs)).toEqual(['nFilesPerJob', 'nFilesPerJob', 'inputEnd']);
  });

  it('nEventsPerJob joins parts of files that follow each other and stops where events are missing', () => {
    const parts = files(4, (n) => ({
      nEvents: 100,
      startEvent: [0, 50, 0, 60][n - 1] ?? 0,
      endEvent: [49, 99, 49, 99][n - 1] ?? 0,
    }));
    const jobs = cutAll(aChunk({ task: aTask({ rule: 'NE=150' }), master: aStream(1, 'IN', parts) }));
    expect(ids(jobs)).toEqual([[1, 2, 3], [4]]);
    expect(closed(jobs)).toEqual(['eventGap', 'inputEnd']);
  });

  it('a job with one record of exactly nEventsPerJob is closed by the next', () => {
    const parts = files(3, (n) => ({ nEvents: 3, startEvent: n - 1, endEvent: n - 1, fsize: 0 }));
    const jobs = cutAll(aChunk({ task: aTask({ rule: 'NE=1' }), master: aStream(1, 'IN', parts) }));
    expect(ids(jobs)).toEqual([[1], [2], [3]]);
    expect(closed(jobs)).toEqual(['nEventsPerJob', 'nEventsPerJob', 'inputEnd']);
  });

  it('nMaxFilesPerJob and the default of 200 limit the number of files', () => {
    const many = aStream(
      1,
      'IN',
      files(450, () => ({ fsize: 1 })),
    );
    expect(cutAll(aChunk({ master: many })).map((j) => j.inputs[0]?.files.length)).toEqual([200, 200, 50]);
    expect(cutAll(aChunk({ master: many, task: aTask({ rule: 'MF=300' }) })).map((j) => j.inputs[0]?.files.length)).toEqual([
      300, 150,
    ]);
  });

  it('BASIC-36 JEDI-jobgen-05 the same input makes smaller jobs at a queue with a smaller scratch disk or a shorter limit', () => {
    const chunk = aChunk({
      task: aTask({ cpuTime: 10, cpuTimeUnit: 'HS06sPerEvent' }),
      master: aStream(
        1,
        'IN',
        files(12, () => ({ nEvents: 1000 })),
      ),
    });
    const wide = cutAll(chunk, aQueue('wide', { maxwdir: 20_000 }));
    const narrow = cutAll(chunk, aQueue('narrow', { maxwdir: 4_000 }));
    const short = cutAll(chunk, aQueue('short', { maxwdir: 20_000, maxtime: 3600 }));
    expect([wide.length, narrow.length, short.length]).toEqual([1, 4, 6]);
    expect([narrow[0]?.closedBy, short[0]?.closedBy]).toEqual(['size', 'walltime']);
  });

  it.each([
    ['nFilesPerJob', { rule: 'NF=4' }],
    ['nGBPerJob', { rule: 'NG=4' }],
    ['nEventsPerJob', { rule: 'NE=4000' }],
    ['cpuTime', { cpuTime: 20 }],
    ['cpuEfficiency', { cpuEfficiency: 45 }],
    ['baseTime', { baseWalltime: 1000 }],
    ['outDiskCount', { outDiskCount: 100, outDiskUnit: 'kBPerEvent' }],
    ['workDiskCount', { workDiskCount: 1300, workDiskUnit: 'MB' }],
  ] as const)('JOBSIZING-01 the size of jobs depends on %s', (_name, changes) => {
    const given = { cpuTime: 10, cpuTimeUnit: 'HS06sPerEvent', cpuEfficiency: 90, baseWalltime: 0 };
    const master = aStream(
      1,
      'IN',
      files(12, () => ({ nEvents: 1000, startEvent: 0, endEvent: 999 })),
    );
    // All twelve: 12,288 MB input + 512 MB output + 300 MB work; 10 × 12,000 / (10 × 0.9) = 13,334 s.
    const queue = aQueue('Q', { maxwdir: 13_200, maxtime: 13_400, corepower: 10, corecount: 1 });
    const jobs = (more: object) => cutAll(aChunk({ task: aTask({ ...given, ...more }), master }), queue).length;
    expect(jobs({})).toBe(1);
    expect(jobs(changes)).toBeGreaterThan(1);
  });

  it('JOBSIZING-03 the scratch disk holds input, at least half a GB of output, and the working directory', () => {
    // One file: 1024 MB input + 512 MB output + 300 MB work = 1836 MB; two files: 2860 MB.
    const chunk = aChunk({ master: aStream(1, 'IN', files(2)) });
    expect(ids(cutAll(chunk, aQueue('Q', { maxwdir: 2860 })))).toEqual([[1, 2]]);
    expect(ids(cutAll(chunk, aQueue('Q', { maxwdir: 2859 })))).toEqual([[1], [2]]);
    // With 1 GB of output per file the estimate replaces the half GB: 2 × (1024 + 1024) + 300.
    const big = { ...chunk, task: aTask({ outDiskCount: 1024, outDiskUnit: 'kB' }) };
    expect(ids(cutAll(big, aQueue('Q', { maxwdir: 4396 })))).toEqual([[1, 2]]);
    expect(ids(cutAll(big, aQueue('Q', { maxwdir: 4395 })))).toEqual([[1], [2]]);
  });

  it('JOBSIZING-04 the walltime limit holds cpuTime × events / (cores × power × efficiency) + base', () => {
    // 10 HS06 s × 1000 events / (4 cores × 10 HS06 × 0.5) = 500 s per file; two files and 600 s base = 1600 s.
    const task = aTask({ cpuTime: 10, cpuTimeUnit: 'HS06sPerEvent', cpuEfficiency: 50, baseWalltime: 600 });
    const chunk = aChunk({
      task,
      master: aStream(
        1,
        'IN',
        files(2, () => ({ nEvents: 1000, ...small })),
      ),
    });
    const queue = (maxtime: number) => aQueue('Q', { maxtime, corecount: 4, corepower: 10 });
    expect(ids(cutAll(chunk, queue(1600)))).toEqual([[1, 2]]);
    expect(ids(cutAll(chunk, queue(1599)))).toEqual([[1], [2]]);
    expect(cutAll(chunk, queue(1600))[0]?.walltimeS).toBe(1600);
  });

  it('JOBSIZING-05 input read directly takes no scratch', () => {
    const task = aTask({ rule: 'IL=1,NF=4' });
    const chunk = aChunk({ task, master: aStream(1, 'IN', files(8)) });
    expect(splitLimits(chunk, aQueue('Q', { maxwdir: 1000, direct_access_lan: true }))).toMatchObject({
      directIo: true,
      maxSizeBytes: null,
    });
    const free = aChunk({ task: aTask({ rule: 'IL=1' }), master: aStream(1, 'IN', files(30)) });
    expect(cutAll(free, aQueue('Q', { maxwdir: 1000, direct_access_lan: true })).map((j) => j.inputs[0]?.files.length)).toEqual([
      30,
    ]);
    expect(splitLimits({ ...chunk, task: aTask({ rule: 'IL=1,LI=1' }) }, aQueue('Q', { direct_access_lan: true })).directIo).toBe(
      false,
    );
  });

  it('nGBPerJob leaves room for the output margin and the working directory', () => {
    const chunk = aChunk({ task: aTask({ rule: 'NG=2' }), master: aStream(1, 'IN', files(5)) });
    expect(ids(cutAll(chunk, aQueue('Q', { maxwdir: 50_000 })))).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('scouts are one file each unless the task says otherwise', () => {
    expect(ids(cutAll(aChunk({ useScout: true })))).toEqual([[1], [2], [3]]);
    expect(ids(cutAll(aChunk({ useScout: true, task: aTask({ rule: 'NF=2' }) })))).toEqual([[1, 2], [3]]);
    expect(ids(cutAll(aChunk({ useScout: true, task: aTask({ rule: 'RR=1' }) })))).toEqual([[1, 2, 3]]);
  });
});

describe('groups of files', () => {
  const boundaries = (list: number[]) => files(list.length, (n) => ({ boundaryId: list[n - 1] ?? null, ...small }));

  it('boundaries may be split by other limits or be the only limit', () => {
    const master = aStream(1, 'IN', boundaries([1, 1, 1, 2, 2]));
    expect(ids(cutAll(aChunk({ master, task: aTask({ rule: 'GB=1,NF=2' }) })))).toEqual([[1, 2], [3], [4, 5]]);
    expect(ids(cutAll(aChunk({ master, task: aTask({ rule: 'GB=4,NF=2' }) })))).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
  });

  it('luminosity blocks are kept apart', () => {
    const master = aStream(
      1,
      'IN',
      files(4, (n) => ({ lumiBlockNr: n < 3 ? 7 : 8, ...small })),
    );
    const jobs = cutAll(aChunk({ master, task: aTask({ rule: 'RL=1' }) }));
    expect([ids(jobs), closed(jobs)]).toEqual([
      [
        [1, 2],
        [3, 4],
      ],
      ['lumiBlock', 'inputEnd'],
    ]);
  });

  it('fields of the source name are kept apart when they become the middle name', () => {
    const master = aStream(
      1,
      'IN',
      files(3, (n) => ({ lfn: `data.${n < 3 ? 'A' : 'B'}.${n}.root`, ...small })),
    );
    const jobs = cutAll(aChunk({ master, task: aTask({ rule: 'UF=1,AN=2' }) }));
    expect([ids(jobs), closed(jobs)]).toEqual([
      [[1, 2], [3]],
      ['field', 'inputEnd'],
    ]);
  });

  it('merging joins the output of several jobs and keeps the parts of each together', () => {
    const log = aStream(1, 'LOG0', boundaries([1, 2, 3]), '', 'trn_log');
    const out = aStream(2, 'OUTPUT0', boundaries([1, 3, 3]), '', 'trn_output');
    const jobs = cutAll(aChunk({ isMerging: true, master: log, secondaries: [out], task: aTask({ rule: 'MO=1,ZM=2' }) }));
    expect([ids(jobs), ids(jobs, 1)]).toEqual([
      [[1, 2], [3]],
      [[1], [2]],
    ]);
    expect(closed(jobs)).toEqual(['maxFiles', 'inputEnd']);
  });

  it('merged output is at most 5 GB, or what the task says', () => {
    const log = aStream(
      1,
      'LOG0',
      files(6, () => small),
      '',
      'trn_log',
    );
    const out = aStream(2, 'OUTPUT0', files(6), '', 'trn_output');
    const of = (rule: string) => cutAll(aChunk({ isMerging: true, master: log, secondaries: [out], task: aTask({ rule }) }));
    expect(ids(of(''))).toEqual([
      [1, 2, 3, 4],
      [5, 6],
    ]);
    expect(of('')[0]?.closedBy).toBe('mergedOutput');
    expect(ids(of('ZG=3'))).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(ids(of('ZF=5'))).toEqual([[1, 2, 3, 4, 5], [6]]);
  });
});

describe('secondary streams', () => {
  const of = (attributes: string, count: number, rule = 'NF=2') =>
    ids(
      cutAll(
        aChunk({
          task: aTask({ rule }),
          master: aStream(1, 'IN', files(5)),
          secondaries: [aStream(2, 'SEC', files(count), attributes)],
        }),
      ),
      1,
    );

  it('follow the master one to one, by ratio, or by number per job', () => {
    expect(of('', 5)).toEqual([[1, 2], [3, 4], [5]]);
    expect(of('ratio=2', 10)).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
      [9, 10],
    ]);
    expect(of('ratio=0.5', 9)).toEqual([[1], [2], [3]]);
    expect(of('np=3', 9)).toEqual([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ]);
  });

  it('go whole with every job when they are not to be split', () => {
    expect(of('nosplit,repeat', 2)).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
  });

  it('start again when they are reusable', () => {
    expect(of('np=2,ru', 3)).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
  });

  it('bring events by ratio of the events of the master', () => {
    const master = aStream(
      1,
      'IN',
      files(2, () => ({ nEvents: 100, startEvent: 0, endEvent: 99 })),
    );
    const secondary = aStream(
      2,
      'SEC',
      files(9, () => ({ nEvents: 40 })),
      'er=0.5',
    );
    const jobs = cutAll(aChunk({ task: aTask({ rule: 'NF=1' }), master, secondaries: [secondary] }));
    expect(ids(jobs, 1)).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });
});

describe('what always holds', () => {
  const sizes = fc.array(fc.record({ fsize: fc.nat({ max: 4 * GIB }), nEvents: fc.integer({ min: 1, max: 5000 }) }), {
    minLength: 1,
    maxLength: 60,
  });
  const rules = fc.constantFrom('', 'MF=7', 'NF=3', 'NG=4', 'MW=2', 'RL=1');
  const places = fc.record({ maxwdir: fc.integer({ min: 1000, max: 30_000 }), maxtime: fc.integer({ min: 600, max: 100_000 }) });

  it('every file is used exactly once, in order, and no job of several files passes a limit', () => {
    fc.assert(
      fc.property(sizes, rules, places, (list, rule, place) => {
        const task = aTask({ rule, cpuTime: 20, cpuTimeUnit: 'HS06sPerEvent', outDiskCount: 50, outDiskUnit: 'kBPerEvent' });
        const chunk = aChunk({
          task,
          master: aStream(
            1,
            'IN',
            files(list.length, (n) => list[n - 1] ?? {}),
          ),
        });
        const queue = aQueue('Q', place);
        const limits = splitLimits(chunk, queue);
        const jobs = cutAll(chunk, queue);
        expect(ids(jobs).flat()).toEqual(list.map((_, i) => i + 1));
        for (const job of jobs) {
          const count = job.inputs[0]?.files.length ?? 0;
          expect(count).toBeLessThanOrEqual(limits.maxFiles ?? 0);
          if (count === 1 || limits.filesPerJob !== null) continue;
          expect(job.sizeBytes).toBeLessThanOrEqual(limits.maxSizeBytes ?? 0);
          expect(job.walltimeS).toBeLessThanOrEqual(limits.maxWalltimeS);
        }
      }),
    );
  });
});
