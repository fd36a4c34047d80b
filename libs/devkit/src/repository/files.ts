import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { root } from './root.js';

/** Folders that hold what was made from the sources, or is not ours. */
const NOT_SOURCES = new Set(['node_modules', 'dist', '.git', '.nx', '.panda', 'coverage']);

function walk(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    if (NOT_SOURCES.has(entry.name)) return [];
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return walk(path);
    return entry.isFile() ? [path] : [];
  });
}

/** All source files below `folder`, as paths relative to the repository with forward slashes, sorted. */
export function filesIn(folder = '.'): string[] {
  return walk(join(root, folder))
    .map((path) => relative(root, path).split(sep).join('/'))
    .sort();
}

/** Text of a file of the repository. */
export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** One value for the whole content of the working tree: tells whether stored test results still speak of these sources. */
export function fingerprint(): string {
  const hash = createHash('sha256');
  for (const path of filesIn())
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0');
  return hash.digest('hex');
}
