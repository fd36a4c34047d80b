import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Connection } from '../connection.js';
import { ClientError } from '../errors.js';
import { fileOnDisk } from '../transport/multipart.js';

/** Upload limits in bytes by name, those of the real client and server. panda-client:pandaclient/Client.py@749e856 */
export const sandboxLimits = { sources: 768 * 1024 * 1024, other: 10 * 1024 * 1024 } as const;

export interface StoredSandbox {
  /** Name under which jobs fetch it; another one than was uploaded when an identical sandbox was found. */
  readonly name: string;
  readonly reused: boolean;
  /** Server that holds it, when the reply named one. */
  readonly host?: string;
}

/** Sandboxes in the server's cache. Feature API-client-25. */
export class SandboxCalls {
  constructor(private readonly connection: Connection) {}

  /** Uploads a gzip file under `name`, or finds the same bytes of this user from the last days. */
  async put(path: string, name = basename(path), options: { reuse?: boolean; toCache?: boolean } = {}): Promise<StoredSandbox> {
    const size = (await stat(path)).size;
    checkSize(name, size);
    const found = (options.reuse ?? true) ? await this.find(size, await gzipCrc32(path, size)) : undefined;
    if (found !== undefined) return found;
    const base = options.toCache === false ? this.connection.baseUrl : this.connection.cacheUrl;
    const envelope = await this.connection.upload('file_server/upload_cache_file', {}, fileOnDisk('file', path, name, size), {
      base,
    });
    if (envelope.success) return { name, reused: false };
    throw new ClientError('PANDA-CLIENT-013', `the sandbox was refused: ${envelope.message}`);
  }

  /** An identical sandbox of the caller. The result travels in the message; success is false when there is none. */
  async find(size: number, crc32: number): Promise<StoredSandbox | undefined> {
    const args = { file_size: size, checksum: crc32 };
    const { message } = await this.connection.post('file_server/validate_cache_file', args, true);
    const match = /^FOUND:([^:]*(?::\d+)?):([^:/]+)$/.exec(message);
    if (match?.[2] === undefined) return undefined;
    return { name: match[2], reused: true, ...(match[1] ? { host: match[1] } : {}) };
  }
}

function checkSize(name: string, size: number): void {
  const limit = name.startsWith('sources.') ? sandboxLimits.sources : sandboxLimits.other;
  if (size > limit) throw new ClientError('PANDA-CLIENT-012', `the sandbox ${name} has ${size} bytes, the limit is ${limit}`);
}

/** CRC32 of the uncompressed content: the first of the last two little-endian words of a gzip file (RFC 1952). */
export async function gzipCrc32(path: string, size: number): Promise<number> {
  const handle = await open(path, 'r');
  try {
    const trailer = Buffer.alloc(8);
    const { bytesRead } = await handle.read(trailer, 0, 8, size - 8);
    if (bytesRead < 8) throw new ClientError('PANDA-CLIENT-013', `${path} is no gzip file`);
    return trailer.readUInt32LE(0);
  } finally {
    await handle.close();
  }
}
