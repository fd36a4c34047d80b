import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adler32 } from 'hash-wasm';
import { CopyError, type CopyOptions, type CopyTool } from '../transfer/copytool.js';

/** A storage that a copytool reads and writes, seen from behind. */
export interface CopyPlace {
  readonly tool: CopyTool;
  /** A directory of the job. */
  readonly dir: string;
  urlOf(name: string): string;
  put(name: string, text: string): void;
  /** Undefined: there is no such file. */
  stored(name: string): string | undefined;
  /** Names at the storage, temporary ones too. */
  names(): string[];
}

const never = (): CopyOptions => ({ checksum: 'adler32', signal: new AbortController().signal });

/** What every copytool promises the pilot. */
export const copyPromises: readonly { readonly promise: string; readonly isKept: (place: CopyPlace) => Promise<void> }[] = [
  {
    promise: 'fetches a file whole, with its size and checksum',
    isKept: async ({ tool, dir, put, urlOf }) => {
      put('a', 'some text\n');
      const copied = await tool.fetch(urlOf('a'), join(dir, 'a'), never());
      assert.deepEqual(copied, { bytes: 10, checksum: await adler32('some text\n') });
      assert.equal(readFileSync(join(dir, 'a'), 'utf8'), 'some text\n');
    },
  },
  {
    promise: 'stores a file whole, in a folder that is not there yet, with its checksum',
    isKept: async ({ tool, dir, stored, urlOf }) => {
      writeFileSync(join(dir, 'o'), 'out\n');
      const copied = await tool.store(join(dir, 'o'), urlOf('new/folder/o'), never());
      assert.deepEqual(copied, { bytes: 4, checksum: await adler32('out\n') });
      assert.equal(stored('new/folder/o'), 'out\n');
    },
  },
  {
    promise: 'replaces what an earlier try left at the destination',
    isKept: async ({ tool, dir, put, stored, urlOf }) => {
      put('o', 'of a job that died');
      writeFileSync(join(dir, 'o'), 'out\n');
      await tool.store(join(dir, 'o'), urlOf('o'), never());
      assert.equal(stored('o'), 'out\n');
    },
  },
  {
    promise: 'says that a file is missing, and leaves nothing behind',
    isKept: async ({ tool, dir, urlOf }) => {
      await assert.rejects(
        tool.fetch(urlOf('gone'), join(dir, 'gone'), never()),
        (error) => error instanceof CopyError && error.kind === 'missing',
      );
      assert.equal(readdirSync(dir).join(), '');
    },
  },
  {
    promise: 'leaves no temporary names anywhere',
    isKept: async ({ tool, dir, names, put, urlOf }) => {
      put('a', 'x');
      await tool.fetch(urlOf('a'), join(dir, 'a'), never());
      writeFileSync(join(dir, 'o'), 'y');
      await tool.store(join(dir, 'o'), urlOf('o'), never());
      assert.equal(names().sort().join(), 'a,o');
      assert.ok(readdirSync(dir).every((name) => ['a', 'o'].includes(name)));
    },
  },
  {
    promise: 'gives up when the job does',
    isKept: async ({ tool, dir, put, urlOf }) => {
      put('a', 'x');
      const options = { checksum: 'adler32' as const, signal: AbortSignal.abort() };
      await assert.rejects(tool.fetch(urlOf('a'), join(dir, 'a'), options));
      assert.ok(!existsSync(join(dir, 'a')));
    },
  },
];
