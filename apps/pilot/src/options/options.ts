import { parseArgs } from 'node:util';

/** Command-line options of a pilot: names and defaults of pilot3 where they matter; the rest is accepted. Spec: Pilot › Options. */
export interface PilotOptions {
  readonly queue: string;
  readonly label: string;
  readonly versionTag: string;
  readonly serverUrl: string;
  readonly workDir: string | undefined;
  readonly cleanup: boolean;
  readonly debug: boolean;
  readonly serverUpdates: boolean;
  readonly workerStatus: boolean;
  readonly getJobRequests: number;
  readonly getJobFailures: number;
  readonly lifetimeS: number;
  readonly stageOutAttempts: number;
  readonly jobType: string | undefined;
  readonly resourceType: string | undefined;
  readonly workingGroup: string;
  readonly countryGroup: string | undefined;
  readonly allowOtherCountry: boolean;
  readonly allowSameUser: boolean;
  readonly queueDataUrl: string | undefined;
  readonly storageDataUrl: string | undefined;
  readonly transformBases: readonly string[];
  readonly certificate: string | undefined;
  readonly caPath: string | undefined;
  readonly submitMode: 'PULL' | 'PUSH';
  readonly harvesterDir: string | undefined;
  /** What Harvester calls its files; any of them, with `-z`, means Harvester mode. */
  readonly accessFiles: {
    readonly workDir: string | undefined;
    readonly dataDir: string | undefined;
    readonly eventStatus: string | undefined;
    readonly attributes: string | undefined;
  };
}

/** What the caller asked for is wrong; the message is for a terminal. */
export class OptionError extends Error {}

const PILOT_USERS = ['generic'];
const WORKFLOWS = ['generic', 'production', 'analysis'];
/** pilot3:pilot/util/default.cfg: a pilot may live 90 hours. */
const LIFETIME_S = 324_000;
const HARVESTER_REQUESTS = 60;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

const definitions = {
  queue: { ...text, short: 'q' },
  resource: { ...text, short: 'r' },
  site: { ...text, short: 's' },
  'job-label': { ...text, short: 'j', default: 'ptest' },
  'version-tag': { ...text, short: 'i', default: 'PR' },
  workdir: { ...text, short: 'a' },
  workflow: { ...text, short: 'w', default: 'generic' },
  lifetime: { ...text, short: 'l', default: String(LIFETIME_S) },
  leasetime: { ...text, short: 'L' },
  debug: { ...flag, short: 'd' },
  'no-server-update': { ...flag, short: 'z' },
  'no-cvmfs': { ...flag, short: 'b' },
  'no-proxy-verification': { ...flag, short: 't' },
  'no-payload-proxy': { ...flag, short: 'u' },
  'no-token-renewal': { ...flag, short: 'y' },
  'no-pilot-log': flag,
  'redirect-stdout': text,
  'getjob-requests': { ...text, short: 'v' },
  'getjob-failures': { ...text, short: 'x', default: '5' },
  'base-urls': { ...text, short: 'g' },
  'no-worker-status': { ...flag, short: 'k' },
  port: { ...text, short: 'p' },
  url: { ...text, default: 'https://pandaserver.cern.ch' },
  'queuedata-url': text,
  'storagedata-url': text,
  'pilot-user': text,
  'country-group': text,
  'working-group': { ...text, default: '' },
  'allow-other-country': { ...text, default: 'False' },
  'allow-same-user': { ...text, default: 'True' },
  'job-type': text,
  'resource-type': text,
  cleanup: { ...text, default: 'True' },
  'use-https': text,
  'use-rucio-traces': text,
  'rucio-host': text,
  'stageout-attempts': { ...text, default: '1' },
  cacert: text,
  capath: text,
  'harvester-workdir': text,
  'harvester-datadir': text,
  'harvester-eventstatusdump': text,
  'harvester-workerattributes': text,
  'harvester-submit-mode': { ...text, default: 'PULL' },
  'input-dir': text,
  'input-destination-dir': text,
  'output-dir': text,
} as const;

type Values = ReturnType<typeof parse>;

/** Reads the arguments after the program's name. Throws {@link OptionError}. */
export function readOptions(argv: readonly string[]): PilotOptions {
  const values = parse(argv.map(withDashes));
  if (values.queue === undefined) throw new OptionError('-q, the queue, is required');
  const user = required(values, 'pilot-user');
  if (!PILOT_USERS.includes(user)) throw new OptionError(`--pilot-user ${user} is unknown; known: ${PILOT_USERS.join(', ')}`);
  if (!WORKFLOWS.includes(values.workflow)) {
    throw new OptionError(`-w ${values.workflow}: no such workflow; known: ${WORKFLOWS.join(', ')}`);
  }
  const submitMode = values['harvester-submit-mode'];
  if (submitMode !== 'PULL' && submitMode !== 'PUSH') throw new OptionError('--harvester-submit-mode is PULL or PUSH');
  return {
    ...identity(values),
    ...dispatch(values),
    queue: values.queue,
    serverUrl: serverUrl(values.url, values.port),
    workDir: values.workdir,
    cleanup: truth(values.cleanup, '--cleanup'),
    debug: values.debug ?? false,
    serverUpdates: !(values['no-server-update'] ?? false),
    workerStatus: !(values['no-worker-status'] ?? false),
    getJobRequests: whole(values['getjob-requests'] ?? String(submitMode === 'PUSH' ? HARVESTER_REQUESTS : 2), '-v'),
    getJobFailures: whole(values['getjob-failures'], '-x'),
    lifetimeS: whole(values.lifetime, '-l'),
    stageOutAttempts: whole(values['stageout-attempts'], '--stageout-attempts'),
    queueDataUrl: values['queuedata-url'],
    storageDataUrl: values['storagedata-url'],
    transformBases: (values['base-urls'] ?? '').split(',').filter((base) => base !== ''),
    submitMode,
    harvesterDir: values['harvester-workdir'],
    accessFiles: {
      workDir: values['harvester-workdir'],
      dataDir: values['harvester-datadir'],
      eventStatus: values['harvester-eventstatusdump'],
      attributes: values['harvester-workerattributes'],
    },
  };
}

function identity(values: Values): Pick<PilotOptions, 'label' | 'versionTag' | 'certificate' | 'caPath'> {
  const tag = values['version-tag'];
  return { label: labelOf(values['job-label'], tag), versionTag: tag, certificate: values.cacert, caPath: values.capath };
}

function dispatch(
  values: Values,
): Pick<PilotOptions, 'jobType' | 'resourceType' | 'workingGroup' | 'countryGroup' | 'allowOtherCountry' | 'allowSameUser'> {
  return {
    jobType: values['job-type'],
    resourceType: values['resource-type'],
    workingGroup: values['working-group'],
    countryGroup: values['country-group'],
    allowOtherCountry: truth(values['allow-other-country'], '--allow-other-country'),
    allowSameUser: truth(values['allow-same-user'], '--allow-same-user'),
  };
}

/** The label a pilot asks with. Release candidates and the ALRB test version take test jobs only (pilot3:pilot/control/job.py). */
export function labelOf(label: string, versionTag: string): string {
  if (versionTag === 'ALRB') return 'rc_alrb';
  if (versionTag === 'RC') return 'rc_test2';
  if (versionTag === 'RCM') return 'rcm_test2';
  return label;
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: definitions, strict: true }).values;
  } catch (error) {
    throw new OptionError((error as Error).message);
  }
}

/** `--country_group` of the documentation is `--country-group` of the programs. */
function withDashes(argument: string): string {
  if (!argument.startsWith('--')) return argument;
  const [name = '', ...rest] = argument.split('=');
  return [name.replaceAll('_', '-'), ...rest].join('=');
}

function required(values: Values, name: 'pilot-user'): string {
  const value = values[name];
  if (value === undefined) throw new OptionError(`--${name} is required`);
  return value;
}

function whole(value: string, option: string): number {
  if (!/^\d+$/.test(value)) throw new OptionError(`${option} ${value} is not a whole number`);
  return Number(value);
}

function truth(value: string, option: string): boolean {
  const word = value.toLowerCase();
  if (word === 'true' || word === '1') return true;
  if (word === 'false' || word === '0') return false;
  throw new OptionError(`${option} ${value} is neither True nor False`);
}

/** The address with its port once, wherever the caller gave it; https without a scheme. */
export function serverUrl(url: string, port: string | undefined): string {
  const address = /^https?:\/\//.test(url) ? url : `https://${url}`;
  if (!URL.canParse(address)) throw new OptionError(`--url ${url} is no address`);
  if (port !== undefined && !/^\d{1,5}$/.test(port)) throw new OptionError(`-p ${port} is no port`);
  const parsed = new URL(address);
  const hasPort = /^https?:\/\/[^/]*:\d+/.test(address);
  const wanted = port ?? (parsed.protocol === 'https:' ? '25443' : '25080');
  return `${parsed.protocol}//${parsed.hostname}${hasPort ? (parsed.port === '' ? '' : `:${parsed.port}`) : `:${wanted}`}`;
}
