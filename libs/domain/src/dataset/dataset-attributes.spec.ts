import { describe, expect, it } from '@jest/globals';
import { filesByRatio, parseDatasetAttributes } from './dataset-attributes.js';
import { isPseudoDataset } from './dataset-spec.js';

describe('dataset attributes', () => {
  it('reads tokens, values and free words', () => {
    expect(parseDatasetAttributes('repeat,nosplit,ratio=1.5,er=2,np=3,nr=4,of=5,os=EP,ru,ud,tr=0')).toMatchObject({
      repeat: true,
      noSplit: true,
      ratio: 1.5,
      eventRatio: 2,
      nFilesPerJob: 3,
      numRecords: 4,
      offset: 5,
      objectStore: 'EP',
      reusable: true,
      useDuplicated: true,
      transient: false,
      random: false,
      pseudo: false,
    });
  });

  it.each([null, undefined, '', 'np=x'])('has safe defaults for %j', (text) => {
    expect(parseDatasetAttributes(text)).toMatchObject({ ratio: 1, offset: 0, nFilesPerJob: undefined, transient: undefined });
  });

  it('rounds a ratio up', () => {
    expect([filesByRatio(3, 1), filesByRatio(3, 1.5), filesByRatio(3, 0.3)]).toEqual([3, 5, 1]);
  });
});

describe('pseudo datasets', () => {
  it.each([
    ['pseudo_dataset', 'pseudo_input', null, true],
    ['seq_number', 'pseudo_input', 'of=10', true],
    ['panda.pp.in.1', 'pp_input', null, true],
    ['RNDMSEED', 'random_seed', null, true],
    ['user.x', 'input', 'cc,ps', true],
    ['user.x', 'input', 'cc', false],
  ])('%s of type %s with %j: %s', (datasetName, type, attributes, expected) => {
    expect(isPseudoDataset({ datasetName, type, attributes })).toBe(expected);
  });
});
