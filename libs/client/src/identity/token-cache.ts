import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ClientError } from '../errors.js';
import { claimsOf } from './claims.js';

/** The token endpoint's answer, stored as it came. panda-client:pandaclient/openidc_utils.py@749e856 */
export interface CachedTokens {
  readonly id_token: string;
  readonly refresh_token?: string;
  readonly [field: string]: unknown;
}

/** A token that ends sooner than this is refreshed; the margin of the real client. */
export const FRESH_MARGIN_MS = 5 * 60_000;

/** `$PANDA_CONFIG_ROOT/.token`, shared with panda-client: whoever signs in with one is signed in with the other. */
export class TokenCache {
  readonly path: string;

  constructor(directory: string) {
    this.path = join(directory, '.token');
  }

  /** Undefined when nobody signed in. A file that cannot be read or understood is PANDA-CLIENT-010, never a silent login. */
  async read(): Promise<CachedTokens | undefined> {
    const text = await readFile(this.path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return undefined;
      throw new ClientError('PANDA-CLIENT-010', `cannot read ${this.path}: ${cause.code}`, { cause });
    });
    // The real client of 2021 leaves an empty file behind after a refresh; that is "not signed in".
    if (text === undefined || text.trim() === '') return undefined;
    const tokens = parsed(text);
    if (tokens === undefined) throw new ClientError('PANDA-CLIENT-010', `${this.path} holds no token`);
    return tokens;
  }

  /** Appears whole or not at all, readable by its owner only, also when a file with wider permissions was there. */
  async write(tokens: CachedTokens): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    const draft = `${this.path}.${randomUUID()}`;
    await writeFile(draft, JSON.stringify(tokens), { mode: 0o600, flag: 'wx' });
    await rename(draft, this.path);
  }

  async clear(): Promise<void> {
    await rm(this.path, { force: true });
  }
}

/** Whether the ID token is good for a while; a token without an end is. */
export function isFresh(tokens: CachedTokens, now: Date): boolean {
  const end = claimsOf(tokens.id_token)?.expiresAt;
  return end === undefined || end.getTime() - now.getTime() > FRESH_MARGIN_MS;
}

function parsed(text: string): CachedTokens | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const token = typeof value === 'object' && value !== null ? (value as Partial<CachedTokens>).id_token : undefined;
    return typeof token === 'string' ? (value as CachedTokens) : undefined;
  } catch {
    // Reported by the caller with the path, which is what the user can act on.
    return undefined;
  }
}
