/**
 * The lock repeats what each package.json of the workspace declares, and `npm ci` refuses a lock that repeats it wrongly.
 * A change between our own packages needs no registry: these entries can be written from the manifests.
 */
import type { LockedPackage, Lockfile } from './complete-lock.js';

/** A package.json, as far as the lock repeats it. */
export interface Manifest {
  name: string;
  version?: string;
  license?: string;
  bin?: Record<string, string>;
  engines?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const FIELDS = [
  'name',
  'version',
  'license',
  'dependencies',
  'bin',
  'devDependencies',
  'engines',
  'optionalDependencies',
] as const;

const sorted = (map: Record<string, string>) =>
  Object.fromEntries(Object.entries(map).sort(([a], [b]) => a.localeCompare(b, 'en')));

function entryOf(manifest: Manifest): LockedPackage {
  const present = FIELDS.filter((field) => {
    const value = manifest[field];
    return value !== undefined && (typeof value === 'string' || Object.keys(value).length > 0);
  });
  return Object.fromEntries(
    present.map((field) => {
      const value = manifest[field] as string | Record<string, string>;
      return [field, typeof value === 'string' ? value : sorted(value)];
    }),
  );
}

const same = (a: LockedPackage | undefined, b: LockedPackage): boolean =>
  a !== undefined && FIELDS.every((field) => JSON.stringify(a[field]) === JSON.stringify(b[field]));

/** Entries that the lock lacks or repeats wrongly, and links of packages that are gone, by path; undefined means: remove. */
export function workspaceChanges(
  lock: Lockfile,
  manifests: ReadonlyMap<string, Manifest>,
): Map<string, LockedPackage | undefined> {
  const changes = new Map<string, LockedPackage | undefined>();
  for (const [folder, manifest] of manifests) {
    const entry = entryOf(manifest);
    const locked = lock.packages[folder];
    if (!same(locked, entry)) changes.set(folder, { ...(folder === '' ? locked : {}), ...entry });
    const link = `node_modules/${manifest.name}`;
    if (folder !== '' && lock.packages[link]?.resolved !== folder) changes.set(link, { resolved: folder, link: true });
  }
  for (const [path, { link, resolved }] of Object.entries(lock.packages)) {
    if (!link || resolved === undefined || manifests.has(resolved)) continue;
    changes.set(path, undefined);
    changes.set(resolved, undefined);
  }
  return changes;
}

/** The lock with those changes made. */
export function withWorkspace(lock: Lockfile, manifests: ReadonlyMap<string, Manifest>): Lockfile {
  const packages = { ...lock.packages };
  for (const [path, entry] of workspaceChanges(lock, manifests)) {
    if (entry) packages[path] = entry;
    else delete packages[path];
  }
  return { ...lock, packages };
}
