import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { writeArchive } from './archive.js';
import { type Selection, type SelectionRules, selectFiles } from './select-files.js';

const rules: SelectionRules = {
  followLinks: false,
  noCompile: false,
  maxFileSize: 1_048_576,
  extFile: [],
  excludeFile: '',
  own: new Set(),
};

let top: string;
let target: string;

beforeEach(() => {
  const base = mkdtempSync(join(tmpdir(), 'panda-sandbox-'));
  top = join(base, 'work');
  target = join(base, 'box.tar.gz');
  mkdirSync(top);
});
afterEach(() => rmSync(join(top, '..'), { recursive: true }));

function write(path: string, content: string | Buffer = 'x'): void {
  mkdirSync(join(top, path, '..'), { recursive: true });
  writeFileSync(join(top, path), content);
  utimesSync(join(top, path), 1_600_000_000, 1_600_000_000);
}

async function select(changes: Partial<SelectionRules> = {}): Promise<Selection> {
  const selection = await selectFiles(top, { ...rules, ...changes });
  if (!selection.ok) throw new Error(selection.reason);
  return selection.value;
}

/** The names tar sees in the sandbox. */
async function packed(changes: Partial<SelectionRules> = {}): Promise<string[]> {
  await writeArchive(top, (await select(changes)).files, target);
  const listing = execFileSync('tar', ['--quoting-style=literal', '-tzf', target], {
    encoding: 'utf8',
    env: { LC_ALL: 'C.UTF-8' },
  });
  return listing.split('\n').filter((line) => line !== '');
}

describe('a sandbox', () => {
  /** The tree, and the listing below, are those of the real prun; what it loses to its shell (quotes, leading dashes) is added. */
  it('CLI-prun-02 holds the files the real prun sends', async () => {
    for (const path of [
      'a/x.py',
      'a/.git/config',
      '.hidden',
      '.9x/f',
      'lib.so',
      'lib.so.1',
      'data.root',
      'data.root.1',
      'keep.root',
    ])
      write(path);
    for (const path of [
      'jobReport.json',
      'doc.txt',
      'sub/deep/doc.md',
      'o.o',
      'a.a',
      'wörld.txt',
      '-dash',
      'odd name/it\'s a "file".txt',
    ])
      write(path);
    for (const path of ['onlyroot/r.root', 'onlyexcluded/jobReport.txt']) write(path);
    write('big.bin', Buffer.alloc(1_048_577));
    write('fits.bin', Buffer.alloc(1_048_576));
    write('bigkeep.bin', Buffer.alloc(2_000_000));
    for (const path of ['a/b', 'a/emptysub', 'empty', '.hid']) mkdirSync(join(top, path), { recursive: true });
    symlinkSync('a', join(top, 'linkdir'));
    symlinkSync('a/x.py', join(top, 'link.py'));
    symlinkSync('nowhere', join(top, 'dead'));

    expect((await packed({ extFile: ['keep.root', 'bigkeep.*'], excludeFile: 'doc*' })).toSorted()).toEqual(
      [
        ...[
          'link.py',
          'bigkeep.bin',
          'lib.so.1',
          'fits.bin',
          'keep.root',
          'wörld.txt',
          '.9x/f',
          'empty/',
          'a/x.py',
          'a/b/',
          'a/emptysub/',
        ],
        ...['-dash', 'odd name/it\'s a "file".txt'],
      ].toSorted(),
    );
  });

  it('says what it leaves out and why', async () => {
    write('data.root');
    write('big.bin', Buffer.alloc(1_048_577));
    write('lib.so');
    expect((await select()).skipped).toEqual([
      { path: 'big.bin', why: 'has 1048577 bytes, more than 1048576' },
      { path: 'data.root', why: 'is a root file' },
      { path: 'lib.so', why: 'is built from sources (.so)' },
    ]);
  });

  it('holds libraries when nothing is compiled remotely', async () => {
    write('lib.so');
    expect(await packed({ noCompile: true })).toEqual(['lib.so']);
  });

  it('follows links to directories when asked, circles once', async () => {
    write('a/x.py');
    symlinkSync('a', join(top, 'link'));
    symlinkSync('..', join(top, 'a/up'));
    expect((await packed({ followLinks: true })).toSorted()).toEqual(['a/x.py', 'link/x.py']);
  });

  it('of equal files is equal byte for byte, whenever and wherever it is made', async () => {
    write('b/y.py', 'two');
    write('x.py', 'one');
    await packed();
    const first = createHash('sha256').update(readFileSync(target)).digest('hex');
    rmSync(target);
    await packed();
    expect(createHash('sha256').update(readFileSync(target)).digest('hex')).toBe(first);
  });

  it('can be empty', async () => {
    expect(await packed()).toEqual([]);
  });

  it('holds names of more than 100 characters and names that are no patterns', async () => {
    const long = `${'d'.repeat(90)}/${'f'.repeat(120)}.txt`;
    write(long);
    write('a++b.root');
    expect((await packed({ extFile: ['a++b.root'] })).toSorted()).toEqual(['a++b.root', long]);
  });

  it('I44: holds ten thousand files', async () => {
    for (let i = 0; i < 10_000; i++) {
      if (i % 100 === 0) mkdirSync(join(top, `d${i / 100}`));
      writeFileSync(join(top, `d${Math.floor(i / 100)}`, `f${i}`), '');
    }
    expect(await packed()).toHaveLength(10_000);
  }, 30_000);
});
