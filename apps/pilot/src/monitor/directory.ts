import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface DirectoryFacts {
  /** Sum over regular files; files outside, reached by links, do not count. */
  readonly bytes: number;
  /** When a file was last written, in ms since the epoch; 0 when there is none. */
  readonly newestMs: number;
  readonly newestText: string | undefined;
}

/** Size and latest change of everything below `dir`. Files whose name `ignore` accepts count as size only. */
export function surveyDirectory(dir: string, ignore: (name: string) => boolean): DirectoryFacts {
  let bytes = 0;
  let newestMs = 0;
  let newestText: { path: string; ms: number } | undefined;
  const walk = (at: string): void => {
    for (const name of namesIn(at)) {
      const path = join(at, name);
      const facts = lstatSync(path, { throwIfNoEntry: false });
      if (facts === undefined || facts.isSymbolicLink()) continue;
      if (facts.isDirectory()) {
        walk(path);
        continue;
      }
      bytes += facts.size;
      if (ignore(name)) continue;
      newestMs = Math.max(newestMs, facts.mtimeMs);
      if (looksLikeText(name) && facts.size > 0 && facts.mtimeMs >= (newestText?.ms ?? 0))
        newestText = { path, ms: facts.mtimeMs };
    }
  };
  walk(dir);
  return { bytes, newestMs, newestText: newestText?.path };
}

function looksLikeText(name: string): boolean {
  return /\.(stdout|stderr|log|txt|out|err)$/.test(name) || name.startsWith('log.');
}

function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    // Removed by the payload while we walk, or not ours to read.
    return [];
  }
}
