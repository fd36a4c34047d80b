import { JobFailure } from '../errors/job-failure.js';

/** Part of a queue's record that a pilot acts on. Spec: Pilot › queuedata; pilot3:pilot/info/queuedata.py@a090538. */
export interface QueueData {
  readonly name: string;
  /** `panda_resource`, sent as siteName. */
  readonly resource: string;
  readonly site: string;
  readonly state: string;
  readonly status: string;
  readonly catchall: string;
  /** One pilot takes jobs for so long; 0: one job. */
  readonly timeFloorS: number;
  readonly maxTimeS: number;
  readonly maxRssMb: number;
  readonly maxWorkDirMb: number;
  readonly maxInputMb: number;
  readonly coreCount: number;
  /** Activity (`pr`, `pw`, `pl`, `read_lan`, …) to endpoints, best first. */
  readonly storages: Readonly<Record<string, readonly string[]>>;
  /** Activity to names of copytools, best first. */
  readonly copyTools: Readonly<Record<string, readonly string[]>>;
  /** Container tool to who starts it: `apptainer` → `pilot`. */
  readonly containerTypes: ReadonlyMap<string, string>;
  readonly containerOptions: string;
  /** Inputs are opened where they lie instead of copied. */
  readonly directAccess: boolean;
  readonly walltimeGrace: number | undefined;
  readonly workDirGrace: number | undefined;
}

type Raw = Readonly<Record<string, unknown>>;

const DEFAULT_INPUT_MB = 14_336;
/** pilot3:pilot/util/default.cfg: limit of a work directory where the queue has none. */
const DEFAULT_WORKDIR_MB = 14_336 + 2_000;

/** Reads a queue's record; `overrides` come from the job and win. Throws {@link JobFailure}. */
export function readQueueData(name: string, value: unknown, overrides: Raw = {}): QueueData {
  const raw = recordOf(name, value);
  const merged: Raw = { ...raw, ...overrides };
  const params = isRecord(merged.params) ? merged.params : {};
  const resource = text(merged, 'panda_resource') || text(merged, 'nickname') || name;
  return {
    name,
    resource,
    site: text(merged, 'atlas_site') || text(merged, 'site') || resource,
    state: text(merged, 'state'),
    status: text(merged, 'status').toLowerCase(),
    catchall: text(merged, 'catchall'),
    timeFloorS: number(merged, 'timefloor') * 60,
    maxTimeS: number(merged, 'maxtime'),
    maxRssMb: number(merged, 'maxrss'),
    maxWorkDirMb: number(merged, 'maxwdir') || DEFAULT_WORKDIR_MB,
    maxInputMb: number(merged, 'maxinputsize') || number(merged, 'maxwdir') || DEFAULT_INPUT_MB,
    coreCount: Math.max(1, number(merged, 'corecount')),
    storages: listsOf(merged.astorages),
    copyTools: listsOf(merged.acopytools),
    containerTypes: readContainerTypes(text(merged, 'container_type')),
    containerOptions: text(merged, 'container_options'),
    directAccess: merged.direct_access_lan === true,
    walltimeGrace: optionalNumber(params, 'pilot_walltime_grace'),
    workDirGrace: optionalNumber(params, 'pilot_maxwdir_grace'),
  };
}

/** Why a queue must not be used, or undefined. pilot3: state must be ACTIVE (1359) and status not offline (1386). */
export function queueRefusal(queue: Pick<QueueData, 'name' | 'state' | 'status'>): JobFailure | undefined {
  if (queue.state.toUpperCase() !== 'ACTIVE')
    return new JobFailure('PANDAQUEUENOTACTIVE', `${queue.name} is ${queue.state || 'without state'}`);
  if (queue.status === 'offline') return new JobFailure('PANDAQUEUENOTONLINE', `${queue.name} is offline`);
  return undefined;
}

/** `apptainer:pilot;docker:wrapper`. */
export function readContainerTypes(field: string): ReadonlyMap<string, string> {
  const pairs = field.split(';').map((part) => part.trim().split(':', 2));
  return new Map(pairs.filter((pair): pair is [string, string] => pair.length === 2 && pair[0] !== ''));
}

/** The first endpoint or tool for the first activity that has one. */
export function firstFor(lists: Readonly<Record<string, readonly string[]>>, activities: readonly string[]): readonly string[] {
  for (const activity of activities) {
    const found = lists[activity];
    if (found !== undefined && found.length > 0) return found;
  }
  return [];
}

/** The file is one queue's record, or an object keyed by queue (CRIC's dump). */
function recordOf(name: string, value: unknown): Raw {
  if (isRecord(value)) {
    const own = value[name];
    if (isRecord(own)) return own;
    if ('nickname' in value || 'panda_resource' in value || 'astorages' in value) return value;
  }
  throw new JobFailure('QUEUEDATANOTOK', `no record of ${name}`);
}

function listsOf(value: unknown): Record<string, readonly string[]> {
  if (!isRecord(value)) return {};
  const entries = Object.entries(value).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  return Object.fromEntries(entries.map(([activity, list]) => [activity, list.map(String)]));
}

function text(raw: Raw, name: string): string {
  const value = raw[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function number(raw: Raw, name: string): number {
  return optionalNumber(raw, name) ?? 0;
}

function optionalNumber(raw: Raw, name: string): number | undefined {
  const value = raw[name];
  const parsed = value === null || value === undefined || value === '' ? Number.NaN : Number(value);
  return Number.isFinite(parsed) ? parsed : undefined;
}

export function isRecord(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
