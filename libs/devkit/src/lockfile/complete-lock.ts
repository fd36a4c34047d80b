/**
 * npm leaves an optional package out of package-lock.json, without a word, when the registry in use does not serve it
 * (the binaries of foreign platforms, mostly); `npm ci` then refuses the lock with "Missing: … from lock file".
 * Completing the lock with entries that name version and platform makes it installable everywhere: the machine that needs
 * the package fetches it by version, every other machine skips it.
 */
import { platformOf } from './platform.js';

export interface LockedPackage {
  version?: string;
  resolved?: string;
  integrity?: string;
  link?: boolean;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
  [field: string]: unknown;
}

export interface Lockfile {
  lockfileVersion: number;
  packages: Record<string, LockedPackage>;
  [field: string]: unknown;
}

/** An optional dependency that the lock promises and does not hold. */
export interface Gap {
  parent: string;
  name: string;
  version: string;
}

const EXACT = /^\d+\.\d+\.\d+(?:[-+].*)?$/;

/** Places where Node would look for `name` when asked from `path`, nearest first. */
function placesOf(name: string, path: string): string[] {
  const places: string[] = [];
  for (let at = path; ; ) {
    places.push(`${at ? `${at}/` : ''}node_modules/${name}`);
    if (!at) return places;
    at = at.includes('node_modules/') ? at.slice(0, at.lastIndexOf('node_modules/')).replace(/\/$/, '') : '';
  }
}

/** Optional dependencies of locked packages that have no entry at any enclosing level. */
export function gapsOf(lock: Lockfile): Gap[] {
  return Object.entries(lock.packages).flatMap(([parent, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => !placesOf(name, parent).some((place) => place in lock.packages))
      .map(([name, version]) => ({ parent, name, version })),
  );
}

/** Packages whose entry records where it was downloaded: a lock must install from any registry. */
export function addressesIn(lock: Lockfile): string[] {
  return Object.entries(lock.packages)
    .filter(([, entry]) => !entry.link && /^https?:/.test(entry.resolved ?? ''))
    .map(([path]) => path);
}

function stubFor(gap: Gap, parent: LockedPackage): LockedPackage {
  const platform = platformOf(gap.name, Object.keys(parent.optionalDependencies ?? {}));
  if (!platform) throw new Error(`${gap.name}: the name does not tell the platform; lock it by hand`);
  if (!EXACT.test(gap.version))
    throw new Error(`${gap.name}: ${gap.parent} asks for the range ${gap.version}, not for one version`);
  return { version: gap.version, ...platform, ...(parent.dev ? { dev: true } : {}), optional: true };
}

/** The lock with an entry for every gap, keys in npm's own order, download addresses removed. */
export function completeLock(lock: Lockfile): Lockfile {
  const packages = { ...lock.packages };
  for (const path of addressesIn(lock)) {
    const { resolved: _, ...entry } = packages[path] as LockedPackage;
    packages[path] = entry;
  }
  for (const gap of gapsOf(lock)) {
    packages[`node_modules/${gap.name}`] = stubFor(gap, lock.packages[gap.parent] as LockedPackage);
  }
  const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
  return { ...lock, packages: Object.fromEntries(sorted) };
}
