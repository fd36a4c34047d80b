import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readParameters, splitWords } from './job-parameters.js';

const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;

describe('job parameters', () => {
  it.each([
    [`-j "" -r . -p "a%20b"`, ['-j', '', '-r', '.', '-p', 'a%20b']],
    [`-o "{'out': 'x'}"`, ['-o', "{'out': 'x'}"]],
    [`a > b; c | d $HOME *`, ['a', '>', 'b;', 'c', '|', 'd', '$HOME', '*']],
    [`it\\'s "a \\"b\\" \\n" 'c\\d'`, [`it's`, `a "b" \\n`, 'c\\d']],
    ['', []],
    ['  \t\n ', []],
  ])('%j are the words %j', (text, words) => {
    expect(splitWords(text)).toEqual(words);
  });

  it('come through byte for byte, whatever they hold (I13)', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (words) => {
        expect(splitWords(words.map(quote).join(' '))).toEqual(words);
      }),
    );
  });

  it('PILOT-info-04 lose the overrides that are meant for the pilot', () => {
    const text = `--overwriteQueueData={"maxrss":1} -p x --overwriteStorageData='{"R": {"state": "ACTIVE"}}' <ZIP_MAP>a:b</ZIP_MAP> -r .`;
    const quoted = text.replace('{"maxrss":1}', `'{"maxrss":1}'`);
    expect(readParameters(quoted)).toEqual({
      argv: ['-p', 'x', '-r', '.'],
      queueOverrides: { maxrss: 1 },
      storageOverrides: { R: { state: 'ACTIVE' } },
      containerImage: undefined,
    });
  });

  it('understand overrides written as a Python literal', () => {
    expect(readParameters(`--overwriteQueueData "{'catchall': None, 'x': True}"`).queueOverrides).toEqual({
      catchall: null,
      x: true,
    });
  });

  it('PILOT-container-06 lose the image', () => {
    expect(readParameters('a --containerImage docker://alpine b')).toMatchObject({
      argv: ['a', 'b'],
      containerImage: 'docker://alpine',
    });
    expect(readParameters('--containerImage=/cvmfs/x')).toMatchObject({ argv: [], containerImage: '/cvmfs/x' });
  });

  it.each([`'open`, `"open`, '--overwriteQueueData=nonsense'])('%j cannot be run', (text) => {
    expect(() => readParameters(text)).toThrow(expect.objectContaining({ code: 1302 }));
  });
});
