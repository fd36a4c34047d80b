import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { checksumOfFile } from './checksum.js';
import { type Copied, CopyError, type CopyErrorKind, type CopyOptions, type CopyTool } from './copytool.js';
import { writeMeasured } from './write-measured.js';

/** `file://host/path`: storage that is mounted on the worker node. */
export const fileCopyTool: CopyTool = {
  name: 'file',
  names: ['file', 'cp', 'copy', 'rucio'],
  schemes: ['file'],
  fetch: (url, path, options) => copy(pathOfUrl(url), path, options, false),
  store: (path, url, options) => copy(path, pathOfUrl(url), options, true),
};

/** The path of a `file:` URL. Percent signs belong to the name: storage URLs are made by joining texts, not by encoding them. */
export function pathOfUrl(url: string): string {
  const match = /^file:\/\/[^/]*(\/.*)$/.exec(url) ?? /^file:(\/[^/].*)$/.exec(url);
  const path = match?.[1];
  if (path === undefined || path.split('/').includes('..')) throw new CopyError('other', `${url} names no file`);
  return path;
}

/**
 * Copies to a temporary name and renames: readers see the whole file or none. What is stored is flushed and read back, since storage that is
 * mounted over a network may lie until then; a staged-in file is compared with its catalogue's checksum instead.
 */
async function copy(from: string, to: string, { checksum, signal }: CopyOptions, store: boolean): Promise<Copied> {
  const partial = `${to}.${randomUUID()}.part`;
  try {
    await mkdir(dirname(to), { recursive: true });
    const source = () => createReadStream(from, { highWaterMark: 1 << 20, signal });
    const written = await writeMeasured(source, partial, checksum, store);
    const readBack = store ? await checksumOfFile(partial, checksum, signal) : written.checksum;
    await rename(partial, to);
    return { bytes: written.bytes, checksum: readBack };
  } catch (error) {
    await rm(partial, { force: true });
    throw asCopyError(error, from, to);
  }
}

const kinds: Readonly<Record<string, CopyErrorKind>> = {
  ENOENT: 'missing',
  ENOSPC: 'noSpace',
  EDQUOT: 'noSpace',
  EACCES: 'forbidden',
  EPERM: 'forbidden',
  EROFS: 'forbidden',
};

function asCopyError(error: unknown, from: string, to: string): unknown {
  if (error instanceof CopyError || (error as Error).name === 'AbortError') return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new CopyError(kinds[code] ?? 'other', `${from} → ${to}: ${message}`, { cause: error });
}
