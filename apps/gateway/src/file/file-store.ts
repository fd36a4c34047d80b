import { randomUUID } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { link, mkdir, open, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { type GatewayConfig, gatewayKeys } from '../gateway.config.js';

/** The upload did not end up under its name; nothing is left on disk. */
export class StoreProblem extends Error {
  constructor(
    readonly kind: 'tooLarge' | 'exists',
    message: string,
  ) {
    super(message);
    this.name = 'StoreProblem';
  }
}

export interface StoredBytes {
  readonly size: number;
  /** Last eight bytes: the trailer of a gzip file holds its CRC and length. */
  readonly tail: Buffer;
}

export interface StoreOptions {
  readonly limit: number;
  readonly overwrite?: boolean;
}

const TAIL_BYTES = 8;

/** Files of the cache directory: written aside, then linked to their name, so that readers never see half a file. */
@Injectable()
export class FileStore {
  private ready: Promise<unknown> | undefined;

  constructor(@Inject(gatewayKeys.token) private readonly config: GatewayConfig) {}

  get directory(): string {
    return this.config.cacheDir;
  }

  path(name: string): string {
    return join(this.config.cacheDir, name);
  }

  async stat(name: string): Promise<Stats | undefined> {
    try {
      return await stat(this.path(name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Throws {@link StoreProblem}; the temporary file goes in any case. */
  async write(name: string, content: AsyncIterable<Buffer>, options: StoreOptions): Promise<StoredBytes> {
    this.ready ??= mkdir(this.config.cacheDir, { recursive: true, mode: 0o755 });
    await this.ready;
    const aside = this.path(`.${randomUUID()}.part`);
    try {
      const stored = await writeAside(aside, content, options.limit);
      await publish(aside, this.path(name), options.overwrite ?? false);
      return stored;
    } finally {
      await unlink(aside).catch(() => undefined); // renamed already, or never made
    }
  }

  /** `length` bytes from `offset`. */
  async read(name: string, offset: number, length: number): Promise<Buffer> {
    const file = await open(this.path(name), constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }

  async remove(name: string): Promise<boolean> {
    try {
      await unlink(this.path(name));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
  }
}

async function writeAside(path: string, content: AsyncIterable<Buffer>, limit: number): Promise<StoredBytes> {
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o644);
  let size = 0;
  let tail: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of content) {
      size += chunk.length;
      if (size > limit) throw new StoreProblem('tooLarge', `Exceeded size limit ${size}>${limit}`);
      await file.writeFile(chunk);
      tail = Buffer.concat([tail, chunk.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
    }
    await file.sync();
    return { size, tail };
  } finally {
    await file.close();
  }
}

/** A hard link fails when the name is taken, also by a file that appeared a moment ago; a rename would replace it. */
async function publish(aside: string, target: string, overwrite: boolean): Promise<void> {
  if (overwrite) return rename(aside, target);
  try {
    await link(aside, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new StoreProblem('exists', 'cannot overwrite file');
    throw error;
  }
}
