import { hostname } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import type { operations } from '@panda/contracts';
import { AccountRepository } from '@panda/database';
import { Audit } from '../audit/audit.js';
import { hasRole, type Identity } from '../auth/caller.js';
import { type GatewayConfig, gatewayKeys } from '../gateway.config.js';
import { type Call, identityOf, Refused, type UploadPart } from '../http/call.js';
import { cacheName, NAME_RULE, OVERWRITE_SUFFIX, sizeLimit } from './cache-files.js';
import { FileStore, StoreProblem } from './file-store.js';

type StoredFile = operations.StoredFile;

const GIB = 1024 ** 3;
const FILES_PER_HOUR_MAX = 200;
/** Records of machines that were set up without a name are never offered again. */
const UNNAMED_HOST = 'localhost.localdomain';

const refused = (reason: string): StoredFile => ({ stored: false, reason });

/** Sandboxes of users: stored once under their name, registered, found again by size and checksum. */
@Injectable()
export class Sandboxes {
  constructor(
    private readonly files: FileStore,
    private readonly accounts: AccountRepository,
    private readonly audit: Audit,
    @Inject(gatewayKeys.token) private readonly config: GatewayConfig,
  ) {}

  async store(call: Call): Promise<StoredFile> {
    const { userName } = identityOf(call);
    const part = uploadOf(call);
    const overwrite = part.fileName.endsWith(OVERWRITE_SUFFIX);
    const name = cacheName(overwrite ? part.fileName.slice(0, -OVERWRITE_SUFFIX.length) : part.fileName);
    if (name === undefined) return refused(`cannot write file: ${NAME_RULE}`);
    const problem = await this.admission(name, part, userName, overwrite);
    if (problem !== null) return refused(problem);
    try {
      const { size, tail } = await this.files.write(name, part.stream as AsyncIterable<Buffer>, {
        limit: sizeLimit(name),
        overwrite,
      });
      await this.register(call, { userName, fileName: name, size, checksum: checksumOf(tail) });
      return { stored: true, name };
    } catch (error) {
      if (error instanceof StoreProblem) return refused(error.kind === 'tooLarge' ? limitText(error.message) : error.message);
      throw error;
    }
  }

  async find(size: number, checksum: number, call: Call): Promise<operations.FoundSandbox | null> {
    const { userName } = identityOf(call);
    const found = await this.accounts.findSandbox({ userName, size, checksum: String(checksum), ownHost: UNNAMED_HOST });
    if (found === null || (await this.files.stat(found.filename)) === undefined) return null;
    return { host: this.host(call), fileName: found.filename };
  }

  /** Keeps an own file from being cleaned up. False: there is none of this name. */
  touch(fileName: string, call: Call): Promise<boolean> {
    const name = cacheName(fileName);
    return name === undefined ? Promise.resolve(false) : this.accounts.touchSandbox(name, ownerAsked(identityOf(call)));
  }

  remove(fileName: string, call: Call): Promise<boolean> {
    const caller = identityOf(call);
    const name = cacheName(fileName);
    if (name === undefined) return Promise.resolve(false);
    return this.accounts.transaction(async (tx) => {
      if (!(await this.accounts.deleteSandbox(tx, name, ownerAsked(caller)))) return false;
      await this.audit.record(tx, call, { method: 'file_server.delete_cache_file', object: `file:${name}`, outcome: 'accepted' });
      tx.afterCommit(() => void this.files.remove(name));
      return true;
    });
  }

  /** Everything that can be judged before the first byte: size, quota, name taken. */
  private async admission(name: string, part: UploadPart, userName: string, overwrite: boolean): Promise<string | null> {
    const limit = sizeLimit(name);
    if ((part.announcedBytes ?? 0) > limit + MULTIPART_BYTES)
      return limitText(`Exceeded size limit ${part.announcedBytes}>${limit}`);
    const { bytes, recent } = await this.accounts.sandboxUsage(userName);
    if (bytes > this.config.uploadQuota * GIB) return `the quota of ${this.config.uploadQuota} GiB is used up`;
    if (recent >= FILES_PER_HOUR_MAX) return `more than ${FILES_PER_HOUR_MAX} files in an hour`;
    const owner = (await this.accounts.sandbox(name))?.username;
    if (overwrite && owner !== userName.slice(0, 128)) return 'cannot overwrite file';
    if (!overwrite && (await this.files.stat(name)) !== undefined) {
      await this.accounts.touchSandbox(name, userName);
      return 'cannot overwrite file';
    }
    return null;
  }

  private register(call: Call, file: { userName: string; fileName: string; size: number; checksum: string }): Promise<void> {
    return this.accounts.transaction(async (tx) => {
      await this.accounts.registerSandbox(tx, { ...file, host: this.host(call) });
      const summary = { size: file.size };
      await this.audit.record(tx, call, {
        method: 'file_server.upload_cache_file',
        object: `file:${file.fileName}`,
        outcome: 'accepted',
        summary,
      });
    });
  }

  /** Without a port: the client splits the answer at colons and appends the port of its cache URL. */
  private host(call: Call): string {
    return this.config.cacheHost ?? (new URL(call.baseUrl).hostname || hostname());
  }
}

/** Whose files the caller may touch and delete: null for anybody's (reliability §8.3). */
function ownerAsked(caller: Identity): string | null {
  return hasRole(caller, 'production', 'admin') ? null : caller.userName;
}

/** Boundaries and headers around the file. */
const MULTIPART_BYTES = 4_096;

export function uploadOf(call: Call): UploadPart {
  if (!call.upload) throw Refused.argument('a file is expected as multipart/form-data');
  return call.upload;
}

export function limitText(detail: string): string {
  return `Upload failure. ${detail}. Please submit the job without --noBuild/--libDS since those options impose a tighter size limit`;
}

/** CRC32 of the content as the gzip trailer has it: the first of its two little-endian words. */
export function checksumOf(tail: Buffer): string {
  return tail.length < 8 ? '0' : String(tail.readUInt32LE(0));
}
