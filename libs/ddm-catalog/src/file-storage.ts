import { createReadStream, createWriteStream } from 'node:fs';
import { link, mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import type { Readable } from 'node:stream';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { DdmError, replicaPath } from '@panda/domain';
import { createAdler32 } from 'hash-wasm';

export interface StoredFile {
  readonly size: number;
  /** Eight lower-case hexadecimal digits. */
  readonly adler32: string;
}

/** Bytes at a storage endpoint of type `file://`: written under a temporary name, measured on the way, then put in place at once. */
export class FileStorage {
  private readonly base: string;

  constructor(baseUrl: string) {
    if (!baseUrl.startsWith('file://')) throw new DdmError('fatal', `this storage takes file:// endpoints only, not ${baseUrl}`);
    this.base = fileURLToPath(baseUrl);
  }

  /** Absolute path of a replica; names that would leave the endpoint are refused. */
  path(scope: string, lfn: string): string {
    const path = join(this.base, replicaPath(scope, lfn));
    const root = normalize(`${this.base}/`);
    if (!path.startsWith(root) || lfn.includes('/') || lfn === '' || lfn.startsWith('.'))
      throw new DdmError('fatal', `not a file name: '${lfn}'`);
    return path;
  }

  /** Stores a stream. Bytes that were there before are not overwritten: then `stored` is false and the new bytes are dropped. */
  async write(scope: string, lfn: string, token: string, content: Readable): Promise<StoredFile & { stored: boolean }> {
    const target = this.path(scope, lfn);
    await mkdir(dirname(target), { recursive: true });
    const temporary = `${target}.${token}.part`;
    try {
      const measured = await this.measure(content, temporary);
      const stored = await placeOnce(temporary, target);
      return { ...measured, stored };
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async read(scope: string, lfn: string): Promise<{ size: number; content: Readable }> {
    const path = this.path(scope, lfn);
    const { size } = await stat(path).catch((error) => {
      throw new DdmError('unknown', `no replica of ${scope}:${lfn} here`, error);
    });
    return { size, content: createReadStream(path) };
  }

  async remove(scope: string, lfn: string): Promise<void> {
    await rm(this.path(scope, lfn), { force: true });
  }

  private async measure(content: Readable, path: string): Promise<StoredFile> {
    const adler = await createAdler32();
    let size = 0;
    const meter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        size += chunk.length;
        adler.update(chunk);
        done(null, chunk);
      },
    });
    await pipeline(content, meter, createWriteStream(path, { flags: 'wx', flush: true }));
    return { size, adler32: adler.digest('hex') };
  }
}

/** A hard link fails when the name exists, a rename would overwrite: two writers of one name cannot both win. */
async function placeOnce(temporary: string, target: string): Promise<boolean> {
  try {
    await link(temporary, target);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
