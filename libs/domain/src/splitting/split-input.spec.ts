import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Random } from '../ports/random.js';
import { aChunk, aQueue, aStream, aTask, files } from '../test-builders/planning.js';
import type { InputChunk } from './input-chunk.js';
import { LiveCounter } from './live-counter.js';
import { CandidatePool, type SiteCandidate } from './site-candidate.js';
import { smallestJob } from './smallest-job.js';
import { type SiteAssignment, type SplitReport, splitInput } from './split-input.js';

/** A linear congruential generator: seeded, good enough to draw queues. */
function seeded(seed: number): Random {
  let state = seed >>> 0;
  return {
    next: () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    },
  };
}

const candidate = (queue: string, changes: Partial<SiteCandidate> = {}): SiteCandidate => ({
  queue,
  weight: 1,
  nQueued: 0,
  queuedCap: null,
  ...changes,
});

function split(chunk: InputChunk, candidates: SiteCandidate[], queues = new Map([['A', aQueue('A')]]), live?: LiveCounter) {
  const work = splitInput(chunk, candidates, {
    queueOf: (name) => queues.get(name) ?? aQueue(name),
    random: seeded(1),
    ...(live && { live }),
  });
  const assignments: SiteAssignment[] = [];
  for (;;) {
    const step = work.next();
    if (step.done) return { assignments, report: step.value as SplitReport };
    assignments.push(step.value);
  }
}

const jobsAt = (assignments: SiteAssignment[]) => assignments.map((a) => [a.candidate.queue, a.subChunks.length]);
const oneByOne = (count: number, changes: Partial<InputChunk> = {}) =>
  aChunk({ task: aTask({ rule: 'NF=1' }), master: aStream(1, 'IN', files(count)), ...changes });

describe('drawing queues', () => {
  it('draws in proportion to weight', () => {
    const random = seeded(7);
    let a = 0;
    for (let i = 0; i < 4000; i++) {
      const pool = new CandidatePool([candidate('A', { weight: 3 }), candidate('B', { weight: 1 })], random);
      if (pool.draw(1)?.queue === 'A') a += 1;
    }
    expect(a / 4000).toBeCloseTo(0.75, 1);
  });

  it('a queue loses weight as it gets jobs, so equal queues share', () => {
    const pool = new CandidatePool([candidate('A'), candidate('B')], seeded(3));
    const drawn = Array.from({ length: 200 }, () => pool.draw(25)?.queue);
    expect(Math.abs(drawn.filter((q) => q === 'A').length - 100)).toBeLessThan(15);
  });

  it('queues without weight get their first jobs before all others, and only those', () => {
    const pool = new CandidatePool([candidate('A', { weight: 9 }), candidate('new', { weight: 0 })], seeded(1));
    expect([pool.draw(5)?.queue, pool.draw(5)?.queue, pool.draw(5)?.queue]).toEqual(['new', 'A', 'A']);
  });

  it('leaves full queues out', () => {
    const pool = new CandidatePool([candidate('A', { nQueued: 10, queuedCap: 20 })], seeded(1));
    expect([pool.draw(10)?.queue, pool.draw(10)?.queue]).toEqual(['A', undefined]);
  });
});

describe('splitting a chunk over queues', () => {
  it('gives 25 jobs at a time to a queue and counts them for other tasks', () => {
    const live = new LiveCounter();
    const { assignments, report } = split(oneByOne(60), [candidate('A')], undefined, live);
    expect(jobsAt(assignments)).toEqual([
      ['A', 25],
      ['A', 25],
      ['A', 10],
    ]);
    expect(report).toEqual({ jobs: 60, unusedFileIds: [], queuesFull: false });
    expect(live.of('A')).toBe(60);
  });

  it('scouts go out two at a time, so that several queues are measured', () => {
    expect(jobsAt(split(oneByOne(5, { useScout: true }), [candidate('A')]).assignments)).toEqual([
      ['A', 2],
      ['A', 2],
      ['A', 1],
    ]);
  });

  it('leaves the last job of a cut-off reading for the next cycle', () => {
    const { assignments, report } = split(oneByOne(27, { isBlockRead: true }), [candidate('A')]);
    expect(jobsAt(assignments)).toEqual([
      ['A', 25],
      ['A', 1],
    ]);
    expect(report).toMatchObject({ jobs: 26, unusedFileIds: [27] });
    expect(split(oneByOne(1, { isBlockRead: true }), [candidate('A')]).report.jobs).toBe(1);
  });

  it('says when queues are full and which files are left', () => {
    const { report } = split(oneByOne(60), [candidate('A', { queuedCap: 20 })]);
    expect(report.jobs).toBe(25);
    expect(report.queuesFull).toBe(true);
    expect(report.unusedFileIds).toEqual(Array.from({ length: 35 }, (_, i) => i + 26));
  });

  it('a queue of fixed chunks gets whole chunks; the rest goes to the others', () => {
    const queues = new Map([['A', aQueue('A', { catchall: 'jobChunkSize=10' })]]);
    const both = split(oneByOne(13), [candidate('A', { weight: 1e9 }), candidate('B', { weight: 1e-9 })], queues);
    expect(jobsAt(both.assignments)).toEqual([
      ['A', 10],
      ['B', 3],
    ]);
    const alone = split(oneByOne(13), [candidate('A')], queues);
    expect(alone.report).toMatchObject({ jobs: 10, unusedFileIds: [11, 12, 13], queuesFull: true });
  });

  it('copies of a job run at different queues', () => {
    const chunk = oneByOne(2, { task: aTask({ rule: 'NF=1,NS=2' }) });
    const { assignments } = split(chunk, [candidate('A'), candidate('B'), candidate('C')]);
    expect(new Set(assignments[0]?.queues).size).toBe(2);
    expect(assignments[0]?.queues[0]).toBe(assignments[0]?.candidate.queue);
  });

  it('secondary files that no job took come back, shared ones do not', () => {
    const secondaries = [aStream(2, 'SEC', files(3)), aStream(3, 'DB', files(1), 'nosplit,repeat')];
    const { report } = split(oneByOne(2, { secondaries }), [candidate('A')]);
    expect(report.unusedFileIds).toEqual([3]);
  });

  it('loses and doubles no file, whatever the weights and caps', () => {
    const some = fc.array(fc.record({ weight: fc.nat({ max: 5 }), queuedCap: fc.option(fc.nat({ max: 40 })) }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), some, fc.boolean(), (count, list, isBlockRead) => {
        const candidates = list.map((c, i) => candidate(`Q${i}`, c));
        const { assignments, report } = split(oneByOne(count, { isBlockRead }), candidates);
        const used = assignments.flatMap((a) =>
          a.subChunks.flatMap((s) => s.inputs.flatMap((i) => i.files.map((f) => f.fileId))),
        );
        expect([...used, ...report.unusedFileIds].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i + 1));
      }),
    );
  });
});

describe('the smallest job', () => {
  it('is what brokerage asks room for: the largest atom of the task’s own rules', () => {
    const master = aStream(
      1,
      'IN',
      files(3, (n) => ({ fsize: n * 1000, nEvents: n * 10 })),
    );
    expect(smallestJob(aChunk({ master }))).toMatchObject({ inputBytes: 3000, events: 30 });
    expect(smallestJob(aChunk({ master, task: aTask({ rule: 'NF=2' }) }))).toMatchObject({ inputBytes: 3000, events: 30 });
    expect(smallestJob(aChunk({ master, task: aTask({ rule: 'NF=3' }) }))).toMatchObject({ inputBytes: 6000, events: 60 });
  });
});
