import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FileStorage } from './file-storage.js';

describe('a storage endpoint on a file system', () => {
  let dir: string;
  let storage: FileStorage;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'panda-storage-'));
    storage = new FileStorage(pathToFileURL(dir).href);
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  const write = (lfn: string, text: string) =>
    storage.write('user.alice', lfn, `token-${lfn}`, Readable.from([Buffer.from(text)]));

  it('measures size and adler32 of what it stores', async () => {
    // adler32("Wikipedia") is the textbook value.
    expect(await write('wiki.txt', 'Wikipedia')).toEqual({ size: 9, adler32: '11e60398', stored: true });
    expect(await readFile(storage.path('user.alice', 'wiki.txt'), 'utf8')).toBe('Wikipedia');
  });

  it('never overwrites what is there', async () => {
    await write('once.txt', 'first');
    expect(await write('once.txt', 'second')).toMatchObject({ stored: false, size: 6 });
    expect(await readFile(storage.path('user.alice', 'once.txt'), 'utf8')).toBe('first');
  });

  it('leaves nothing behind when the sender breaks off', async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('half');
        throw new Error('connection lost');
      })(),
    );
    await expect(storage.write('user.alice', 'broken.txt', 'token', broken)).rejects.toThrow('connection lost');
    expect(await readdir(dirname(storage.path('user.alice', 'broken.txt')))).toEqual([]);
  });

  it.each(['../../escape', 'a/b', '', '.', '..', '.hidden'])("I25 refuses the name '%s'", (lfn) => {
    expect(() => storage.path('user.alice', lfn)).toThrow('not a file name');
  });

  it('says when it does not have a file', async () => {
    await expect(storage.read('user.alice', 'absent.txt')).rejects.toMatchObject({ kind: 'unknown' });
  });
});
