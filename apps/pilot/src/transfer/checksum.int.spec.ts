import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checksumOfFile, newHasher } from './checksum.js';

describe('checksums', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'sum-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('PILOT-files-01 are adler32 or md5 of a file, and an error for anything else', async () => {
    const path = join(dir, 'f');
    writeFileSync(path, 'Wikipedia');
    // The textbook value of Adler-32; md5 as md5sum prints it.
    expect(await checksumOfFile(path, 'adler32')).toBe('11e60398');
    expect(await checksumOfFile(path, 'md5')).toBe('9c677286866aad38f8e9b660f5411814');
    await expect(newHasher('crc32')).rejects.toMatchObject({ code: 1314 });
  });

  it('PILOT-files-01 are padded to eight digits, also for an empty file', async () => {
    const path = join(dir, 'empty');
    writeFileSync(path, '');
    expect(await checksumOfFile(path, 'adler32')).toBe('00000001');
  });
});
