import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function upTo(directory: string, marker: string): string {
  if (existsSync(join(directory, marker))) return directory;
  const parent = dirname(directory);
  if (parent === directory) throw new Error(`no ${marker} above ${fileURLToPath(import.meta.url)}`);
  return upTo(parent, marker);
}

/** The repository's top folder. Works from sources and from dist, which lie at the same depth. */
export const root = upTo(dirname(fileURLToPath(import.meta.url)), 'nx.json');
