import { type FairsharePolicy, parseFairsharePolicy } from './fairshare-policy.js';

/** Words operators put into a queue's status; queues have no machine, they are somebody else's record. */
export const queueStatus = {
  online: 'online',
  offline: 'offline',
  brokeroff: 'brokeroff',
  test: 'test',
  standby: 'standby',
  paused: 'paused',
} as const;

/**
 * A PanDA queue as brokerage and job building see it: a row of `schedconfig_json`. Zero means no limit throughout.
 * Spec: Information system; keys as the pilot reads them too.
 */
export interface Queue {
  readonly name: string;
  readonly status: string;
  /** `production`, `analysis` or `unified`. */
  readonly type: string;
  readonly resourceType: string;
  /** `ucore` queues take work of any core count. */
  readonly isUnified: boolean;
  readonly cloud: string | null;
  readonly region: string | null;
  readonly site: string | null;
  readonly coreCount: number;
  /** HS06 per core; 0 = unknown. */
  readonly corePower: number;
  readonly maxWorkDirMb: number;
  readonly maxRssMb: number;
  readonly minRssMb: number;
  readonly maxTimeS: number;
  readonly minTimeS: number;
  /** −1 = always read directly. */
  readonly maxInputSizeMb: number;
  readonly transferringLimit: number;
  /** kB/s per core; 0 = the general limit. */
  readonly maxDiskIo: number;
  readonly pledgedCpu: number;
  readonly fairshare: FairsharePolicy;
  readonly fairshareText: string;
  readonly directAccessLan: boolean;
  readonly network: string;
  readonly ipStack: string;
  /** What kind of event service work it takes: `std`, `all`, `es`, `eshigh`. */
  readonly jobSeed: string;
  readonly releases: readonly string[];
  readonly workflow: string | null;
  readonly harvester: string | null;
  readonly pilotManager: string | null;
  readonly inputEndpoints: readonly string[];
  readonly outputEndpoints: readonly string[];
  readonly catchall: ReadonlyMap<string, string>;
}

type QueueData = Readonly<Record<string, unknown>>;

/** Endpoints given by `panda_ddm_relation`; without them the queue's own `astorages` count. */
export interface QueueEndpoints {
  readonly input: readonly string[];
  readonly output: readonly string[];
}

/** Reads one queue's JSON. Missing or unreadable fields mean "no limit", a missing status means offline: never send work there. */
export function parseQueue(name: string, data: QueueData, endpoints?: QueueEndpoints): Queue {
  const [network = '', ipStack = ''] = text(data, 'wnconnectivity').split('#');
  const fairshareText = text(data, 'fairsharepolicy');
  return {
    name,
    status: text(data, 'status') || queueStatus.offline,
    type: text(data, 'type'),
    resourceType: text(data, 'resource_type'),
    isUnified: text(data, 'capability') === 'ucore',
    cloud: text(data, 'cloud') || null,
    region: text(data, 'region') || null,
    site: text(data, 'atlas_site') || text(data, 'rc_site') || text(data, 'gstat') || null,
    ...sizes(data),
    fairshare: parseFairsharePolicy(fairshareText),
    fairshareText,
    directAccessLan: data.direct_access_lan === true,
    network,
    ipStack,
    jobSeed: text(data, 'jobseed') || 'std',
    releases: words(data.releases),
    workflow: text(data, 'workflow') || null,
    harvester: text(data, 'harvester') || null,
    pilotManager: text(data, 'pilot_manager') || null,
    inputEndpoints: endpoints?.input ?? storages(data, ['read_lan', 'pr']),
    outputEndpoints: endpoints?.output ?? storages(data, ['write_lan', 'pw']),
    catchall: catchallOf(text(data, 'catchall')),
  };
}

function sizes(data: QueueData) {
  return {
    coreCount: number(data, 'corecount'),
    corePower: number(data, 'corepower'),
    maxWorkDirMb: number(data, 'maxwdir'),
    maxRssMb: number(data, 'maxrss') || number(data, 'maxmemory'),
    minRssMb: number(data, 'minrss') || number(data, 'minmemory'),
    maxTimeS: number(data, 'maxtime'),
    minTimeS: number(data, 'mintime'),
    maxInputSizeMb: number(data, 'maxinputsize'),
    transferringLimit: number(data, 'transferringlimit'),
    maxDiskIo: number(data, 'maxdiskio') || number(data, 'maxDiskio'),
    pledgedCpu: number(data, 'pledgedcpu'),
  };
}

function text(data: QueueData, key: string): string {
  const value = data[key];
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
}

function number(data: QueueData, key: string): number {
  const value = Number(data[key] ?? 0);
  return Number.isFinite(value) ? value : 0;
}

function words(value: unknown): readonly string[] {
  const list = Array.isArray(value) ? value : typeof value === 'string' ? value.split(/[,|]/) : [];
  return list.map((word) => String(word).trim()).filter((word) => word !== '');
}

function storages(data: QueueData, activities: readonly string[]): readonly string[] {
  const map = data.astorages;
  if (typeof map !== 'object' || map === null) return [];
  const lists = activities.map((activity) => words((map as Record<string, unknown>)[activity]));
  return lists.find((list) => list.length > 0) ?? [];
}

/** `catchall` is a comma list of words and `key=value`. */
function catchallOf(value: string): ReadonlyMap<string, string> {
  const pairs = value.split(',').map((item) => item.trim().split('='));
  return new Map(pairs.filter(([key]) => key).map(([key = '', ...rest]) => [key, rest.join('=')]));
}

const catchallNumber = (queue: Queue, key: string) => {
  const value = queue.catchall.get(key);
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
};

/** Jobs come in chunks of exactly this many at some queues. */
export const jobChunkSize = (queue: Queue): number | undefined => catchallNumber(queue, 'jobChunkSize');
/** Events a job of a dynamic-events task simulates here. */
export const simulatedEvents = (queue: Queue): number | undefined => catchallNumber(queue, 'nSimEvents');
/** Remaining events below which jumbo jobs are not worth their overhead. */
export const minEventsForJumbo = (queue: Queue): number | undefined => catchallNumber(queue, 'minEventsForJumbo');
export const takesJumboJobs = (queue: Queue): boolean => queue.catchall.has('useJumboJobs');
/** Nothing is pledged: only spare capacity. */
export const isOpportunistic = (queue: Queue): boolean => queue.pledgedCpu === -1;

/** Cores a job of the task gets at the queue; a task with core count 0 takes what there is. */
export function coresOf(task: { coreCount: number }, queue: Queue): number {
  return task.coreCount === 1 || queue.coreCount === 0 ? 1 : queue.coreCount;
}

/** The part of a per-node limit that belongs to one job: a single-core job on an n-core unified queue gets a n-th. A limit stays one: 0 would mean none. */
export function shareOfLimit(limit: number, cores: number, queue: Queue): number {
  return queue.isUnified && queue.coreCount > cores
    ? Math.max(Math.sign(limit), Math.floor((limit * cores) / queue.coreCount))
    : limit;
}
