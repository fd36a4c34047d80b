import { createReadStream } from 'node:fs';
import { createAdler32, createMD5, type IHasher } from 'hash-wasm';
import { JobFailure } from '../errors/job-failure.js';
import type { Checksum } from '../job/job-definition.js';

export type ChecksumKind = Checksum['kind'];

const hashers: Readonly<Record<ChecksumKind, () => Promise<IHasher>>> = { adler32: createAdler32, md5: createMD5 };

/** A running checksum. Throws {@link JobFailure} 1314 for a kind it does not know. */
export async function newHasher(kind: string): Promise<IHasher> {
  const make = Object.hasOwn(hashers, kind) ? hashers[kind as ChecksumKind] : undefined;
  if (make === undefined) throw new JobFailure('UNKNOWNCHECKSUMTYPE', kind);
  return (await make()).init();
}

/** Checksum of a file in lower-case hexadecimal digits. */
export async function checksumOfFile(path: string, kind: ChecksumKind, signal?: AbortSignal): Promise<string> {
  const hasher = await newHasher(kind);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, ...(signal ? { signal } : {}) }))
    hasher.update(chunk as Buffer);
  return hasher.digest('hex');
}
