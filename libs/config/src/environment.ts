import { readFileSync } from 'node:fs';
import { type Key, Refused } from './key.js';

/** Names to texts, as in the environment of a process. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The environment of this process. The only place of the fleet that touches `process.env`. */
export function environment(): Variables {
  return process.env;
}

/**
 * What the operator gave for a key, or undefined. An empty text counts as not given: compose files and charts write
 * `NAME=` for "default". A secret may be given as a file, `<NAME>_FILE`, which keeps it out of `ps` and crash dumps.
 */
export function given(key: Key<unknown>, variables: Variables): string | undefined {
  for (const name of [key.env, ...key.aliases]) {
    const text = variables[name];
    if (text !== undefined && text !== '') return text;
    const file = key.secret ? variables[`${name}_FILE`] : undefined;
    if (file !== undefined && file !== '') return textOf(file);
  }
  return undefined;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new Refused(`cannot be read from its file: ${(error as Error).message}`);
  }
}
