import { readFile } from 'node:fs/promises';
import { ClientError } from '../errors.js';

/** Where the bearer token of a call comes from. */
export interface TokenSource {
  /** Undefined: the call is sent without a credential. */
  token(): Promise<string | undefined>;
  /** A fresh token after the server refused the last one; undefined when there is none. */
  renew?(): Promise<string | undefined>;
}

export function fixedToken(token: string): TokenSource {
  return { token: async () => token };
}

/**
 * A token that something else keeps fresh in a file (Kubernetes, harvester, PANDA_AUTH_TOKEN of a pilot). Read anew for every
 * call: the file is tiny, and a stale copy costs a refused call. Surrounding blanks are dropped; errors are PANDA-CLIENT-010.
 */
export function tokenFromFile(path: string): TokenSource {
  const read = async () => {
    const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      throw new ClientError('PANDA-CLIENT-010', `cannot read the token file ${path}: ${cause.code}`, { cause });
    });
    const token = text.trim();
    if (/^[\x21-\x7e]+$/.test(token)) return token;
    throw new ClientError('PANDA-CLIENT-010', `the token file ${path} holds no token`);
  };
  return { token: read };
}
