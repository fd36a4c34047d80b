import type { Variables } from '@panda/config';
import type { Clock } from '@panda/domain';
import { CommandCopyTool, type CommandSpec } from './command.copytool.js';

/** Programs of the grid that a worker node may have. Options as pilot3 gives them (pilot3:pilot/copytool/@a090538). */
const specs: readonly CommandSpec[] = [
  {
    name: 'xrdcp',
    names: ['xrdcp', 'rucio'],
    schemes: ['root', 'xroot', 'roots'],
    fetch: (url, path) => ['xrdcp', '-np', '-f', '--cksum', 'adler32:print', url, path],
    store: (path, url) => ['xrdcp', '-np', '-f', '--cksum', 'adler32:print', path, url],
    // "adler32: 1a2b3c4d root://se//path 1048576"
    checksumIn: /\b(?:adler32|md5):\s*([0-9a-f]{8,32})\b/i,
  },
  {
    name: 'gfal',
    names: ['gfal', 'gfalcopy'],
    schemes: ['gsiftp', 'srm', 'davs', 'dav', 'https', 'http', 'root', 'storm'],
    fetch: (url, path, kind) => ['gfal-copy', '-f', '-p', '-K', kind.toUpperCase(), url, `file://${path}`],
    store: (path, url, kind) => ['gfal-copy', '-f', '-p', '-K', kind.toUpperCase(), `file://${path}`, url],
  },
  {
    name: 'lsm',
    names: ['lsm'],
    schemes: ['root', 'dcap', 'dcache', 'srm', 'gsiftp', 'davs', 'https', 'file'],
    fetch: (url, path) => ['lsm-get', url, path],
    store: (path, url) => ['lsm-put', path, url],
  },
];

export function gridCopyTools(clock: Clock, variables: Variables): CommandCopyTool[] {
  return specs.map((spec) => new CommandCopyTool(spec, clock, variables));
}
