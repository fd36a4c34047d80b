import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PandaError } from '../errors/panda-error.js';
import { dispatchRanks, leavesByNeed, rankOfUnknown, type ShareUsage, shareLoads } from './share-order.js';
import { type ShareSubject, tagShare } from './share-tagging.js';
import { findShare, type ShareRow, shareTree } from './share-tree.js';

function aRow(name: string, value: number, parent: string | null = null, more: Partial<ShareRow> = {}): ShareRow {
  const open = { prodSourceLabel: null, workingGroup: null, campaign: null, processingType: null, transPath: null, rtype: null };
  return { name, value, parent, ...open, vo: null, queueId: null, throttled: null, ...more };
}

function aTask(more: Partial<ShareSubject> = {}): ShareSubject {
  const blank = { vo: null, workingGroup: null, campaign: null, processingType: null, transPath: null, rtype: null };
  return { ...blank, prodSourceLabel: 'user', ...more };
}

const grid = [
  aRow('Production', 75, 'root'),
  aRow('Analysis', 25, 'root'),
  aRow('MC', 60, 'Production', { prodSourceLabel: 'managed', processingType: 'simul' }),
  aRow('Reprocessing', 40, 'Production', { prodSourceLabel: 'managed', campaign: 'rep.*$' }),
  aRow('User', 80, 'Analysis', { prodSourceLabel: 'user|panda', workingGroup: ' ' }),
  aRow('Group', 20, 'Analysis', { prodSourceLabel: 'user|panda' }),
];

const usageOf = (executing: Record<string, number>): Map<string, ShareUsage> =>
  new Map(Object.entries(executing).map(([name, hs06]) => [name, { executing: hs06, queued: 0 }]));

describe('the tree of shares', () => {
  it('SHARES-01 divides each share among its children', () => {
    const percents = shareTree(grid).leaves.map((l) => [l.name, l.percent]);
    expect(percents).toEqual([
      ['MC', 45],
      ['Reprocessing', 30],
      ['User', 20],
      ['Group', 5],
    ]);
    expect(findShare(shareTree(grid), 'Production')?.percent).toBe(75);
    expect(findShare(shareTree(grid), 'None')).toBeUndefined();
  });

  it('SHARES-01 normalises any tree so that its leaves sum to 100', () => {
    const rows = fc
      .array(fc.tuple(fc.integer({ min: 1, max: 1_000 }), fc.nat()), { minLength: 1, maxLength: 25 })
      .map((list) => list.map(([value, pick], i) => aRow(`s${i}`, value, i === 0 || pick % 3 === 0 ? 'root' : `s${pick % i}`)));
    fc.assert(
      fc.property(rows, (list) => {
        const { leaves } = shareTree(list);
        expect(leaves.reduce((sum, l) => sum + l.percent, 0)).toBeCloseTo(100, 6);
        expect(leaves.every((l) => l.percent >= 0 && l.percent <= 100)).toBe(true);
      }),
    );
  });

  it('gives siblings that are all worth nothing, nothing', () => {
    expect(shareTree([aRow('A', 0), aRow('B', 0)]).leaves.map((l) => l.percent)).toEqual([0, 0]);
    expect(shareTree([]).leaves).toEqual([]);
  });

  it.each([
    ['a share named root', [aRow('root', 1)], "a share is named 'root'"],
    ['a name twice', [aRow('A', 1), aRow('A', 2)], "the share 'A' exists twice"],
    ['a negative value', [aRow('A', -1)], "the value of 'A' is -1"],
    ['a parent nobody knows', [aRow('A', 1, 'B')], "the parent 'B' does not exist"],
    ['a cycle', [aRow('A', 1, 'B'), aRow('B', 1, 'A')], "the share 'A' is its own ancestor"],
    ['a pattern that cannot be used', [aRow('A', 1, null, { campaign: '(?=x)' })], "campaign of 'A': "],
  ] as const)('refuses %s as a whole', (_title, rows, reason) => {
    const build = () => shareTree(rows);
    expect(build).toThrow(PandaError);
    expect(build).toThrow(`the share tree is refused: ${reason}`);
  });
});

describe('tagging', () => {
  const tree = shareTree(grid);

  it.each([
    [{ prodSourceLabel: 'managed', processingType: 'simul' }, 'MC'],
    [{ prodSourceLabel: 'managed', processingType: 'simulation' }, 'MC'],
    [{ prodSourceLabel: 'managed', processingType: 'recon', campaign: 'reprocess24' }, 'Reprocessing'],
    [{ prodSourceLabel: 'managed', processingType: 'recon', campaign: 'valid' }, 'Undefined'],
    [{ prodSourceLabel: 'user' }, 'User'],
    [{ prodSourceLabel: 'panda', workingGroup: 'phys-higgs' }, 'Group'],
    [{ prodSourceLabel: 'test' }, 'Undefined'],
  ] as const)('SHARES-02 puts %j into %s', (subject, share) => {
    expect(tagShare(tree, aTask(subject))).toBe(share);
  });

  it('SHARES-02 asks only the patterns of attributes that are known', () => {
    expect(tagShare(tree, aTask({ prodSourceLabel: 'managed' }))).toBe('MC');
  });

  it('gives a share of one organization to no other', () => {
    const two = shareTree([aRow('Ours', 1, null, { vo: 'atlas' }), aRow('Theirs', 1, null, { vo: 'sphenix' })]);
    expect(tagShare(two, aTask({ vo: 'sphenix' }))).toBe('Theirs');
    expect(tagShare(two, aTask())).toBe('Ours');
  });

  it('lets merge jobs of event service go first, where such a share exists', () => {
    expect(tagShare(tree, aTask({ isEventServiceMerge: true }))).toBe('User');
    expect(tagShare(shareTree([...grid, aRow('Express', 1)]), aTask({ isEventServiceMerge: true }))).toBe('Express');
  });
});

describe('the order of shares', () => {
  const tree = shareTree(grid);
  const order = (executing: Record<string, number>) => leavesByNeed(shareLoads(tree, usageOf(executing))).map((l) => l.name);

  it('SHARES-04 serves the share furthest below its target first', () => {
    expect(order({ MC: 45, Reprocessing: 30, User: 0, Group: 25 })[0]).toBe('MC');
    expect(order({ MC: 80, Reprocessing: 5, User: 10, Group: 5 })).toEqual(['User', 'Group', 'Reprocessing', 'MC']);
  });

  it('SHARES-01 offers an unused share to its siblings before it goes up', () => {
    const names = order({ MC: 30, Reprocessing: 0, User: 60, Group: 10 });
    expect(names).toEqual(['Reprocessing', 'MC', 'Group', 'User']);
  });

  it('begins with the largest share when nothing runs', () => {
    expect(order({})).toEqual(['MC', 'Reprocessing', 'User', 'Group']);
  });

  it('ranks tests first and unknown shares last', () => {
    const ranks = dispatchRanks(shareLoads(tree, usageOf({})));
    expect(ranks.get('Test')).toBe(0);
    expect(Math.max(...ranks.values())).toBeLessThan(rankOfUnknown(ranks));
    expect(ranks.size).toBe(5);
  });

  it('counts what unknown shares use into the total, and sums branches', () => {
    const loads = shareLoads(tree, usageOf({ MC: 20, User: 20, Gone: 60 }));
    expect(loads.map((l) => [l.name, l.executing, l.pledged])).toEqual([
      ['Production', 20, 75],
      ['Analysis', 20, 25],
    ]);
    expect(loads[1]?.ratio).toBeCloseTo(0.8);
  });

  it('lists every leaf exactly once, and between siblings the one in greater need first', () => {
    const usage = fc.record({ MC: fc.nat(1_000), Reprocessing: fc.nat(1_000), User: fc.nat(1_000), Group: fc.nat(1_000) });
    fc.assert(
      fc.property(usage, (executing) => {
        const names = order(executing);
        expect([...names].sort()).toEqual(['Group', 'MC', 'Reprocessing', 'User']);
        const ratio = (name: 'User' | 'Group', percent: number) => executing[name] / percent;
        if (ratio('User', 20) < ratio('Group', 5)) expect(names.indexOf('User')).toBeLessThan(names.indexOf('Group'));
      }),
    );
  });

  it('SHARES-04 converges to the targets when each free slot is given to the first share', () => {
    const running: Record<string, number> = { MC: 0, Reprocessing: 0, User: 0, Group: 0 };
    for (let slot = 0; slot < 2_000; slot++) {
      const first = order(running)[0] ?? '';
      running[first] = (running[first] ?? 0) + 1;
    }
    expect(running).toEqual({
      MC: expect.closeTo(900, -1),
      Reprocessing: expect.closeTo(600, -1),
      User: expect.closeTo(400, -1),
      Group: expect.closeTo(100, -1),
    });
  });
});
