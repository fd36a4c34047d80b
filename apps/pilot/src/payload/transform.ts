import { chmodSync, copyFileSync, existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Clock, Log } from '@panda/domain';
import { JobFailure } from '../errors/job-failure.js';
import { CopyError, type CopyTool } from '../transfer/copytool.js';

/** Places that pilots load transforms from without being told. pilot2:pilot/user/generic/setup.py@029e013. */
export const KNOWN_BASES: readonly string[] = [
  'http://pandaserver-doma.cern.ch:25080/trf/user',
  'https://pandaserver-doma.cern.ch/trf/user',
  'https://storage.googleapis.com/drp-us-central1-containers',
];

const TRIES = 3;

export interface TransformSource {
  readonly bases: readonly string[];
  /** Files of this directory are used instead of loading them. */
  readonly localDir: string | undefined;
  readonly tool: CopyTool;
  readonly pauseMs: number;
}

/** Puts the transform behind `url` into `dir`, executable, and returns its name. Throws {@link JobFailure}. */
export async function placeTransform(
  url: string,
  dir: string,
  source: TransformSource,
  tools: { clock: Clock; log: Log; signal: AbortSignal },
): Promise<string> {
  const name = basename(new URL(url).pathname);
  const path = join(dir, name);
  if (name === '' || name === '.' || name === '..') throw new JobFailure('TRFDOWNLOADFAILURE', `${url} names no file`);
  const local = source.localDir === undefined ? undefined : join(source.localDir, name);
  if (!existsSync(path)) {
    if (local !== undefined && existsSync(local)) copyFileSync(local, path);
    else await download(url, path, source, tools);
  }
  try {
    chmodSync(path, 0o755);
  } catch (cause) {
    throw new JobFailure('CHMODTRF', (cause as Error).message, { cause });
  }
  return name;
}

async function download(
  url: string,
  path: string,
  { bases, tool, pauseMs }: TransformSource,
  { clock, log, signal }: { clock: Clock; log: Log; signal: AbortSignal },
): Promise<void> {
  if (!isAllowed(url, bases)) throw new JobFailure('TRFDOWNLOADFAILURE', `${url} is on none of the allowed servers`);
  for (let attempt = 1; ; attempt++) {
    try {
      await tool.fetch(url, path, { checksum: 'adler32', signal });
      return;
    } catch (cause) {
      log.warn('the transform was not delivered', { url, attempt, reason: (cause as Error).message });
      const missing = cause instanceof CopyError && cause.kind === 'missing';
      if (missing || attempt === TRIES || signal.aborted)
        throw new JobFailure('TRFDOWNLOADFAILURE', (cause as Error).message, { cause });
      await clock.sleep(pauseMs, signal);
    }
  }
}

/** A base allows what lies below it, not what merely begins with its letters. */
export function isAllowed(url: string, bases: readonly string[]): boolean {
  return bases.some((base) => url.startsWith(base.endsWith('/') ? base : `${base}/`));
}
