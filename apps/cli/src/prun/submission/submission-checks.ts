import type { PrunOptions } from '../options/table.js';

const TRANSFER_TYPES: readonly string[] = ['root', 'direct', 'davs', 'file'];
/** Largest `--maxCpuCount`. panda-client:pandaclient/Client.py@749e856 */
const MAX_CPU_COUNT = 1_000_000_000;

type Check = (options: PrunOptions) => string | undefined;

/** What makes a command line unusable, in the order a user should mend it. */
const checks: readonly Check[] = [
  ({ jobParams }) => (jobParams === '' ? 'no command is given: prun --exec "myScript arg1 arg2" --outDS …' : undefined),
  ({ outDS, inOutDsJson }) =>
    outDS === '' && inOutDsJson === '' ? 'no output is given: prun --outDS user.<nickname>.<text> …' : undefined,
  elsewhere('useAthenaPackages', '--useAthenaPackages needs an Athena release with its build tools'),
  elsewhere('useRootCore', '--useRootCore needs a RootCore release with its scripts'),
  elsewhere('loadXML', '--loadXML'),
  elsewhere('eventPickEvtList', '--eventPickEvtList needs the event index'),
  ({ devSrv, intrSrv }) => (devSrv || intrSrv ? '--devSrv and --intrSrv are gone, set PANDA_URL_SSL' : undefined),
  together('goodRunListXML', 'inDS'),
  together('pfnList', 'inDS'),
  ({ pfnList, site }) => (pfnList !== '' && (site === 'AUTO' || site === '') ? '--pfnList needs --site' : undefined),
  ({ bulkSubmission, inOutDsJson }) =>
    bulkSubmission && inOutDsJson === '' ? '--bulkSubmission needs --inOutDsJson' : undefined,
  ({ dbRelease }) =>
    dbRelease === '' || dbRelease === 'LATEST' || dbRelease.includes(':')
      ? undefined
      : '--dbRelease is <dataset>:<file> or LATEST',
  ({ maxCpuCount }) => (maxCpuCount > MAX_CPU_COUNT ? `--maxCpuCount is at most ${MAX_CPU_COUNT}` : undefined),
  ({ maxNFilesPerJob }) => (maxNFilesPerJob < 1 ? '--maxNFilesPerJob must be positive' : undefined),
  ({ tarBallViaDDM }) =>
    tarBallViaDDM === '' || tarBallViaDDM.includes(':') ? undefined : '--tarBallViaDDM is <dataset>:<file>',
  wrongTransferType,
  wrongTextFile,
];

/** The first objection, or undefined. */
export function objection(options: PrunOptions): string | undefined {
  for (const check of checks) {
    const found = check(options);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Options whose work is done by parts of the Python client that need an ATLAS software installation. */
function elsewhere(option: keyof PrunOptions, what: string): Check {
  return (options) => (options[option] ? `${what}: use prun of panda-client for it, it works with this server` : undefined);
}

function together(one: 'goodRunListXML' | 'pfnList', other: 'inDS'): Check {
  return (options) => (options[one] !== '' && options[other] !== '' ? `--${one} and --${other} exclude each other` : undefined);
}

function wrongTransferType({ transferType }: PrunOptions): string | undefined {
  const wrong = transferType?.split(',').find((type) => !TRANSFER_TYPES.includes(type));
  return wrong === undefined ? undefined : `--transferType: '${wrong}' is not one of ${TRANSFER_TYPES.join(', ')}`;
}

function wrongTextFile({ writeInputToTxt }: PrunOptions): string | undefined {
  const wrong = writeInputToTxt.split(',').find((item) => item !== '' && item.split(':').length !== 2);
  return wrong === undefined ? undefined : `'${wrong}' in --writeInputToTxt is not StreamName:FileName`;
}
