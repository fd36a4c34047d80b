import { describe, expect, it } from '@jest/globals';
import { accessMode, argumentsInPlace, isReadInPlace } from './access-mode.js';

describe('direct access', () => {
  it.each([
    ['direct', '--accessmode=copy', false, 'direct'],
    ['', '--accessmode=copy', true, 'copy'],
    ['', '--useLocalIO', true, 'copy'],
    ['', '--accessmode=direct', false, 'direct'],
    ['', '', true, 'direct'],
    ['NULL', '', false, 'copy'],
  ])(
    'PILOT-data-in-20 with transferType %j, parameters %j and queue %j is %s',
    (transferType, parameters, directAccess, mode) => {
      expect(accessMode({ transferType, parameters }, { directAccess })).toBe(mode);
    },
  );

  const file = { lfn: 'data.root', storageToken: '' };
  const queue = { copyTools: { pr: ['rucio'] } };

  it.each([
    ['root://se//data.root', true],
    ['dcap://se/data.root', true],
    ['file://localhost/data.root', true],
    ['https://se/data.root', true],
    ['davs://se/data.root', true],
    ['srm://se/data.root', false],
    ['gsiftp://se/data.root', false],
  ])('of %s is possible: %s', (url, possible) => {
    expect(isReadInPlace(file, url, 'direct', queue)).toBe(possible);
  });

  it('is not for archives, files that must be local, or storage that is moved from', () => {
    const url = 'root://se//x';
    expect(isReadInPlace({ ...file, lfn: 'a.lib.tgz' }, url, 'direct', queue)).toBe(false);
    expect(isReadInPlace({ ...file, storageToken: 'local' }, url, 'direct', queue)).toBe(false);
    expect(isReadInPlace(file, url, 'copy', queue)).toBe(false);
    expect(isReadInPlace(file, url, 'direct', { copyTools: { pr: ['mv'] } })).toBe(false);
  });

  it('PILOT-payload-19 puts addresses in place of names for production transforms, a catalogue for analysis ones', () => {
    const places = new Map([['a.root', 'root://se//a.root']]);
    const argv = ['--input=a.root,b.root', 'a.root', 'xa.root'];
    expect(argumentsInPlace(argv, { transformation: 'Reco_tf.py' }, places)).toEqual([
      '--input=root://se//a.root,b.root',
      'root://se//a.root',
      'xa.root',
    ]);
    expect(argumentsInPlace(argv, { transformation: 'https://x/runGen' }, places)).toEqual([
      ...argv,
      '--usePFCTurl',
      '--directIn',
    ]);
    expect(argumentsInPlace(argv, { transformation: 'Reco_tf.py' }, new Map())).toEqual(argv);
  });
});
