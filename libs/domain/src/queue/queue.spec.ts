import { describe, expect, it } from '@jest/globals';
import { parseFairsharePolicy, policyShare } from './fairshare-policy.js';
import { coresOf, isOpportunistic, jobChunkSize, parseQueue, shareOfLimit, simulatedEvents } from './queue.js';

const work = { processingType: 'simul', workingGroup: 'AP_MCGN', workQueueId: 12, priority: 500 };
const share = (text: string, changes: Partial<typeof work> = {}, ignorePriority = false) =>
  policyShare(parseFairsharePolicy(text), { ...work, ...changes }, ignorePriority);

describe('fair-share policy of a queue', () => {
  it.each([
    ['', {}, 100],
    ['type=evgensimul:100%', {}, 100],
    ['type=evgensimul:100%', { processingType: 'reco' }, 0],
    ['type=evgen:60%', { processingType: 'reco' }, 40],
    ['type=reprocessing:50%,type=any:0%', {}, 0],
    ['type=sim*:10%,type=any:0%', {}, 10],
    ['group=AP_*:20%,group=any:0%', {}, 20],
    ['group=AP_X:20%,group=any:0%', {}, 0],
    ['id=12:0%,type=any:100%', {}, 0],
    ['id=13:0%,type=any:100%', {}, 100],
    ['id=12:priority>400:0%,type=any:70%', {}, 0],
    ['id=12:priority>600:0%,type=any:70%', {}, 70],
    ['type=any:priority<=500:0%', {}, 0],
  ])('BROKERAGE-10 %s leaves %j %d %%', (text, changes, expected) => {
    expect(share(text, changes)).toBe(expected);
  });

  it('ignores priority conditions for merging', () => {
    expect(share('type=any:priority>900:0%', {}, true)).toBe(0);
  });

  it.each(['type=any:priority>100; import os:0%', 'type=any:lots', 'owner=root:0%', 'type=any:priority>1e9:0%'])(
    'refuses what is not in the grammar and reports it: %s',
    (text) => {
      expect(parseFairsharePolicy(text)).toEqual({ rules: [], faults: [text] });
    },
  );
});

describe('a queue from its JSON', () => {
  it('reads sizes, connectivity, storages and catchall words', () => {
    const queue = parseQueue('Q', {
      status: 'online',
      capability: 'ucore',
      corecount: 8,
      maxrss: '16000',
      wnconnectivity: 'http#IPv6',
      pledgedcpu: -1,
      catchall: 'jobChunkSize=30,nSimEvents=200,skip_RSE_check',
      astorages: { read_lan: ['IN_DISK'], pr: ['X'], write_lan: ['OUT_DISK'] },
      releases: ['AUTO'],
    });
    expect(queue).toMatchObject({
      isUnified: true,
      coreCount: 8,
      maxRssMb: 16_000,
      network: 'http',
      ipStack: 'IPv6',
      jobSeed: 'std',
      inputEndpoints: ['IN_DISK'],
      outputEndpoints: ['OUT_DISK'],
      releases: ['AUTO'],
    });
    expect([jobChunkSize(queue), simulatedEvents(queue), isOpportunistic(queue)]).toEqual([30, 200, true]);
    expect(queue.catchall.has('skip_RSE_check')).toBe(true);
  });

  it('never works without a status, and has no limits without numbers', () => {
    expect(parseQueue('Q', { maxrss: 'plenty' })).toMatchObject({
      status: 'offline',
      maxRssMb: 0,
      coreCount: 0,
      catchall: new Map(),
    });
  });

  it('the relation table decides over the queue’s own storages', () => {
    const endpoints = { input: ['A'], output: ['B'] };
    expect(parseQueue('Q', { astorages: { pr: ['X'] } }, endpoints)).toMatchObject({
      inputEndpoints: ['A'],
      outputEndpoints: ['B'],
    });
  });

  it('a single-core job on an eight-core unified queue gets an eighth', () => {
    const queue = parseQueue('Q', { capability: 'ucore', corecount: 8 });
    expect([coresOf({ coreCount: 1 }, queue), coresOf({ coreCount: 0 }, queue), coresOf({ coreCount: 4 }, queue)]).toEqual([
      1, 8, 8,
    ]);
    expect([shareOfLimit(16_000, 1, queue), shareOfLimit(16_000, 8, queue)]).toEqual([2000, 16_000]);
  });
});
