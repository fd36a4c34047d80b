import { createHash } from 'node:crypto';

/**
 * Where a deterministic storage endpoint keeps a file, relative to the endpoint's base: the fields of the scope as folders, then
 * the first four hexadecimal digits of md5(scope:lfn) as two folders, then the name.
 * Rule of Rucio, which real pilots apply too: pilot3:pilot/util/ruciopath.py@a090538.
 */
export function replicaPath(scope: string, lfn: string): string {
  const digest = createHash('md5').update(`${scope}:${lfn}`).digest('hex');
  return [...scope.split('.').filter(Boolean), digest.slice(0, 2), digest.slice(2, 4), lfn].join('/');
}
