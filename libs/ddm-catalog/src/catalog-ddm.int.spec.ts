import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DdmRepository } from '@panda/database';
import { type DatasetName, datasetName } from '@panda/domain';
import { pg, type TestDatabase } from '@panda/testing';
import { CatalogDdm } from './catalog-ddm.js';

const file = (lfn: string, size = 10) => ({ scope: 'user.alice', lfn, size, adler32: '00000001', events: 5 });

describe('the built-in data catalogue', () => {
  let db: TestDatabase;
  let ddm: CatalogDdm;

  beforeAll(async () => {
    db = await pg();
    ddm = new CatalogDdm(new DdmRepository(db.database));
  });
  afterAll(() => db.close());

  const registered = async (name: string, kind: 'dataset' | 'container' = 'dataset') => {
    const dataset = datasetName(name);
    await ddm.register([{ ...dataset, kind }]);
    return dataset;
  };

  it('lists the files of a dataset in name order, with what was registered', async () => {
    const dataset = await registered('user.alice.listing');
    await ddm.addFiles(dataset, 'LOCAL_DISK', [file('b.txt'), file('a.txt', 3)]);
    expect(await ddm.files(dataset)).toEqual([
      { scope: 'user.alice', lfn: 'a.txt', size: 3, adler32: '00000001', events: 5 },
      { scope: 'user.alice', lfn: 'b.txt', size: 10, adler32: '00000001', events: 5 },
    ]);
  });

  it('expands containers inside containers and counts a shared file once', async () => {
    const [first, second] = [await registered('user.alice.part1'), await registered('user.alice.part2')];
    await ddm.addFiles(first, 'LOCAL_DISK', [file('shared.txt'), file('one.txt')]);
    await ddm.addFiles(second, 'LOCAL_DISK', [file('shared.txt')]);
    const inner = await registered('user.alice.inner/', 'container');
    const outer = await registered('user.alice.outer/', 'container');
    await ddm.addToContainer(inner, [second]);
    await ddm.addToContainer(outer, [first, inner]);
    expect(await ddm.members(outer)).toEqual([first, second]);
    expect((await ddm.files(outer)).map(({ lfn }) => lfn)).toEqual(['one.txt', 'shared.txt']);
  });

  it('says how much of a dataset each endpoint holds', async () => {
    const dataset = await registered('user.alice.spread');
    await ddm.addFiles(dataset, 'SITE_A', [file('s1'), file('s2', 5)]);
    await ddm.addFiles(dataset, 'SITE_B', [file('s1')]);
    expect(await ddm.availability(dataset)).toEqual([
      { endpoint: 'SITE_A', onTape: false, available: 2, availableBytes: 15, total: 2 },
      { endpoint: 'SITE_B', onTape: false, available: 1, availableBytes: 10, total: 2 },
    ]);
  });

  it('changes nothing when a registration is repeated', async () => {
    const dataset = await registered('user.alice.twice');
    for (let time = 0; time < 2; time++) {
      await ddm.register([dataset]);
      await ddm.addFiles(dataset, 'LOCAL_DISK', [file('same')]);
    }
    expect(await ddm.files(dataset)).toHaveLength(1);
  });

  it('refuses other content under a taken name and stores none of the batch', async () => {
    const dataset = await registered('user.alice.conflict');
    await ddm.addFiles(dataset, 'LOCAL_DISK', [file('taken', 1)]);
    await expect(ddm.addFiles(dataset, 'LOCAL_DISK', [file('new'), file('taken', 2)])).rejects.toMatchObject({
      kind: 'conflict',
    });
    expect((await ddm.files(dataset)).map(({ lfn }) => lfn)).toEqual(['taken']);
  });

  it('tells an unknown dataset from an empty one', async () => {
    await expect(ddm.files(datasetName('user.nobody.nothing'))).rejects.toMatchObject({ kind: 'unknown' });
    await expect(ddm.addFiles(datasetName('user.nobody.nothing'), 'LOCAL_DISK', [])).rejects.toMatchObject({ kind: 'unknown' });
    expect(await ddm.files(await registered('user.alice.empty'))).toEqual([]);
  });

  it('closes datasets and erases those that stayed empty', async () => {
    const [kept, erased] = [await registered('user.alice.kept'), await registered('user.alice.erased')];
    await ddm.addFiles(kept, 'LOCAL_DISK', [file('content')]);
    await ddm.close([kept, erased]);
    await ddm.eraseEmpty([kept, erased]);
    expect(await ddm.describe([kept, erased])).toEqual([{ ...kept, kind: 'dataset', open: false }]);
  });

  it('takes files out of one dataset, forgets what is in none, and finds what is missing or differs', async () => {
    const [first, second] = ['user.alice.first.check', 'user.alice.second.check'].map(datasetName) as [DatasetName, DatasetName];
    await ddm.register([first, second]);
    await ddm.addFiles(first, 'LOCAL_DISK', [file('both.check'), file('one.check')]);
    await ddm.addFiles(second, 'LOCAL_DISK', [file('both.check')]);
    const { scope, size } = file('both.check');
    const expected = ['both.check', 'one.check', 'never.check'].map((lfn) => ({ scope, lfn, size }));
    expect(await ddm.defects(first, expected)).toEqual([{ scope, lfn: 'never.check' }]);
    expect(await ddm.defects(first, [{ scope, lfn: 'one.check', size: size + 1 }])).toHaveLength(1);
    expect(await ddm.defects(first, [{ scope, lfn: 'one.check', size: null }])).toEqual([]);
    for (let twice = 0; twice < 2; twice++) await ddm.removeFiles(first, expected);
    expect(await ddm.files(first)).toEqual([]);
    expect(await ddm.files(second)).toHaveLength(1);
    expect(await ddm.defects(second, [{ scope, lfn: 'both.check', size }])).toEqual([]);
    await ddm.addFiles(second, 'LOCAL_DISK', [{ ...file('one.check'), size: size + 1 }]); // its name is free again
  });
});
