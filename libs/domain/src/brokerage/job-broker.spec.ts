import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { explainVerdict } from '../explain/explain-verdict.js';
import type { Queue } from '../queue/queue.js';
import { aChunk, aQueue, aRequest, aStream, aTask, aWorld, files, fixedRandom } from '../test-builders/planning.js';
import { brokerIf, nearestQueues } from './counterfactual.js';
import { genericJobBroker } from './generic-job-broker.js';
import { brokerJobs, explainJobs, runnableQueues } from './job-broker.js';
import { productionJobBroker } from './production-job-broker.js';
import { type BrokerageWorld, brokerageRequest, type MergeWait, NO_LOAD } from './request.js';

const generic = (queues: Queue[], request = aRequest(), world: Partial<BrokerageWorld> = {}) =>
  brokerJobs(genericJobBroker, request, aWorld(queues, world), fixedRandom);
const production = (
  queues: Queue[],
  request = aRequest({ task: { prodSourceLabel: 'managed', cloud: 'WORLD' } }),
  world: Partial<BrokerageWorld> = {},
) => brokerJobs(productionJobBroker, request, aWorld(queues, world), fixedRandom);
const names = (result: { candidates: readonly { queue: string }[] }) => result.candidates.map((c) => c.queue);
const load = (changes: object) => ({ ...NO_LOAD, pilotCalls: 1, ...changes });
const many = (count: number, data: (i: number) => object = () => ({})) =>
  Array.from({ length: count }, (_, i) => aQueue(`Q${String(i).padStart(3, '0')}`, data(i) as Record<string, unknown>));

describe('the generic broker', () => {
  it('takes queues of the task’s cloud, or all when nobody has that cloud', () => {
    const queues = [aQueue('A', { cloud: 'US' }), aQueue('B', { cloud: 'EU' }), aQueue('NA', { cloud: 'US' })];
    expect(names(generic(queues, aRequest({ task: { cloud: 'US' } })))).toEqual(['A']);
    expect(names(generic(queues, aRequest({ task: { cloud: 'mars' } }))).sort()).toEqual(['A', 'B']);
  });

  it('puts used queues first, then the highest weight, five at most', () => {
    const loads = new Map(many(8).map((q, i) => [q.name, load({ running: i })]));
    const result = generic(many(8), aRequest(), { loads, usedQueues: new Set(['Q000']) });
    expect(names(result)).toEqual(['Q000', 'Q007', 'Q006', 'Q005', 'Q004']);
    expect(result.verdict.chosen[1]).toEqual({ queue: 'Q007', weight: 8 });
  });

  it('prefers the queue that has the input', () => {
    const locality = new Map([
      ['Q000', { diskBytes: 0, tapeBytes: 0, totalBytes: 9, diskFiles: 0, tapeFiles: 0, totalFiles: 9 }],
      ['Q001', { diskBytes: 9, tapeBytes: 0, totalBytes: 9, diskFiles: 9, tapeFiles: 0, totalFiles: 9 }],
    ]);
    expect(names(generic(many(2), aRequest(), { locality }))).toEqual(['Q001', 'Q000']);
  });

  it('a queue the task names needs not be online, but must fit', () => {
    const queue = aQueue('A', { status: 'test', maxwdir: 10 });
    const { verdict } = generic([queue], aRequest({ task: { site: 'A' } }));
    expect(explainVerdict(verdict)).toBe('0 of 1 queues: 1 disk (needs 1,836 MB, offers 10)');
    expect(names(generic([aQueue('A', { status: 'test' })], aRequest({ task: { site: 'A' } })))).toEqual(['A']);
  });

  it('says when the queue a task names does not exist', () => {
    expect(explainVerdict(generic(many(2), aRequest({ task: { site: 'GONE' } })).verdict)).toBe(
      'the task asks for GONE: no such queue',
    );
  });

  it('merge jobs stay where their input is', () => {
    expect(names(generic(many(3), aRequest({ isMerging: true, masterSite: 'Q002' })))).toEqual(['Q002']);
  });
});

describe('the verdict', () => {
  const queues = [
    ...many(2, () => ({ status: 'offline' })),
    aQueue('low1', { maxrss: 3240 }),
    aQueue('low2', { maxrss: 2000 }),
    aQueue('full', { astorages: { pw: ['OUT'] } }),
  ];
  const request = aRequest({ task: { ramCount: 4334 } });
  const endpoints = new Map([
    ['OUT', { name: 'OUT', freeGb: 5, expiredGb: 0, totalGb: 9, isBlacklistedForWrite: false, isTape: false }],
  ]);
  const result = generic(queues, request, { endpoints });

  it('counts rejections by code, names the nearest miss and reads as one sentence', () => {
    expect(result.candidates).toEqual([]);
    expect(explainVerdict(result.verdict)).toBe(
      '0 of 5 queues: 2 lowmemory (needs 3,900 MB/core, best offers 3,240), 2 status (is offline), 1 storage (needs 200 GB, offers 5)',
    );
    expect(result.verdict.rejected.find((r) => r.code === 'lowmemory')?.nearest.queue).toBe('low1');
  });

  it('keeps the funnel in the order of the filters', () => {
    expect(result.verdict.funnel).toEqual([
      { code: 'status', in: 5, out: 3 },
      { code: 'storage', in: 3, out: 2 },
      { code: 'lowmemory', in: 2, out: 0 },
    ]);
  });

  it('explain mode gives every reason of every queue, nearest first', () => {
    const both = aQueue('both', { status: 'offline', maxrss: 10 });
    const world = aWorld([both, aQueue('one', { maxrss: 10 })]);
    expect(explainJobs(genericJobBroker, request, world).map((r) => [r.queue, r.code])).toEqual([
      ['both', 'status'],
      ['both', 'lowmemory'],
      ['one', 'lowmemory'],
    ]);
    expect(nearestQueues(genericJobBroker, request, world, 1)[0]?.queue).toBe('one');
  });

  it('answers "what if" with the same code on an edited snapshot', () => {
    const world = aWorld(queues, { endpoints });
    expect(names(brokerIf(genericJobBroker, request, world, { ramCount: 3600 }, fixedRandom))).toEqual(['low1']);
    const online = new Map([['Q000', { status: 'online' }]]);
    expect(names(brokerIf(genericJobBroker, request, world, { queues: online }, fixedRandom))).toEqual(['Q000']);
    expect(world.queues[0]?.status).toBe('offline');
  });
});

describe('the production broker', () => {
  const loads = (queues: Queue[], changes: (i: number) => object = () => ({})) =>
    new Map(queues.map((q, i) => [q.name, load(changes(i))]));

  it('BROKERAGE-02 leaves out queues with test in their name', () => {
    const queues = [aQueue('MYTEST'), aQueue('ANALY_test_1'), aQueue('REAL')];
    expect(names(production(queues, undefined, { loads: loads(queues) }))).toEqual(['REAL']);
  });

  it('takes a list of pre-assigned queues, whatever their status', () => {
    const queues = [aQueue('A', { status: 'offline' }), aQueue('B'), aQueue('C')];
    const request = aRequest({ task: { site: 'A,B', cloud: 'WORLD' } });
    expect(names(production(queues, request, { loads: loads(queues) })).sort()).toEqual(['A', 'B']);
  });

  it('keeps merge jobs at the storage of their input, until that was passed over for a day', () => {
    const disk = (endpoint: string) => ({ astorages: { pw: [endpoint] } });
    const queues = [aQueue('A', disk('X')), aQueue('B', disk('X')), aQueue('C', disk('Y'))];
    const master = aStream(1, 'LOG0', files(1), '', 'trn_log');
    const chunk = aChunk({
      task: aTask({ cloud: 'WORLD' }),
      isMerging: true,
      master: { ...master, dataset: { ...master.dataset, site: 'A' } },
    });
    const chosen = (mergeWait?: MergeWait) =>
      names(production(queues, brokerageRequest(chunk, mergeWait && { mergeWait }), { loads: loads(queues) })).sort();
    expect(chosen()).toEqual(['A', 'B']);
    expect(chosen({ unchangedHours: 24, frozenHours: 7 })).toEqual(['A', 'B']);
    expect(chosen({ unchangedHours: 25, frozenHours: null })).toEqual(['A', 'B']);
    expect(chosen({ unchangedHours: 25, frozenHours: 7 })).toEqual(['A', 'B', 'C']);
  });

  it('takes the best ten by weight, or none', () => {
    const queues = many(14);
    const chosen = names(production(queues, undefined, { loads: loads(queues, (i) => ({ running: i + 1 })) }));
    expect(chosen).toEqual(
      queues
        .map((q) => q.name)
        .reverse()
        .slice(0, 10),
    );
    expect(production(queues).candidates).toEqual([]);
    expect(explainVerdict(production(queues).verdict)).toBe('0 of 14 queues: 14 nopilot');
  });

  it('the hint for task brokerage leaves passing troubles aside', () => {
    const queues = [aQueue('A'), aQueue('B', { status: 'offline' })];
    expect(runnableQueues(productionJobBroker, aRequest({ task: { cloud: 'WORLD' } }), aWorld(queues))).toEqual(['A']);
  });

  it('stops sending to a queue that has twice its running jobs queued', () => {
    const queues = [aQueue('A')];
    const [candidate] = production(queues, undefined, { loads: loads(queues, () => ({ running: 30, activated: 7 })) }).candidates;
    expect(candidate).toMatchObject({ nQueued: 7, queuedCap: 60 });
  });
});

describe('what always holds', () => {
  const data = fc.record({
    status: fc.constantFrom('online', 'offline'),
    maxrss: fc.nat({ max: 8000 }),
    maxwdir: fc.nat({ max: 9000 }),
    maxtime: fc.nat({ max: 200_000 }),
    corecount: fc.constantFrom(0, 1, 8),
    capability: fc.constantFrom('', 'ucore'),
  });
  const request = aRequest({ task: { ramCount: 2000, cpuTime: 10, cpuTimeUnit: 'HS06sPerEvent', cloud: 'WORLD' } });

  it.each([genericJobBroker, productionJobBroker])(
    '$name: chosen queues passed every filter and have a finite weight',
    (broker) => {
      fc.assert(
        fc.property(fc.array(data, { maxLength: 30 }), fc.nat({ max: 50 }), (list, running) => {
          const queues = list.map((d, i) => aQueue(`Q${i}`, d));
          const world = aWorld(queues, { loads: new Map(queues.map((q) => [q.name, load({ running })])) });
          const { candidates, verdict } = brokerJobs(broker, request, world, fixedRandom);
          const rejected = new Set(explainJobs(broker, request, world).map((r) => r.queue));
          for (const c of candidates) {
            expect(rejected.has(c.queue)).toBe(false);
            expect(Number.isFinite(c.weight) && c.weight >= 0).toBe(true);
          }
          const lost = verdict.rejected.reduce((sum, r) => sum + r.count, 0);
          expect(lost).toBe(rejected.size);
          expect(verdict.candidates - lost).toBeGreaterThanOrEqual(candidates.length);
        }),
      );
    },
  );

  it('more capacity never turns a pass into a rejection', () => {
    const more = fc.record({ maxrss: fc.nat({ max: 8000 }), maxwdir: fc.nat({ max: 9000 }), maxtime: fc.nat({ max: 200_000 }) });
    fc.assert(
      fc.property(data, more, (d, extra) => {
        // Zero means no limit: only limits grow.
        const grown = {
          maxrss: d.maxrss && d.maxrss + extra.maxrss,
          maxwdir: d.maxwdir && d.maxwdir + extra.maxwdir,
          maxtime: d.maxtime && d.maxtime + extra.maxtime,
        };
        const passes = (json: object) =>
          explainJobs(genericJobBroker, request, aWorld([aQueue('Q', json as Record<string, unknown>)])).length === 0;
        if (passes(d)) expect(passes({ ...d, ...grown })).toBe(true);
      }),
    );
  });
});
