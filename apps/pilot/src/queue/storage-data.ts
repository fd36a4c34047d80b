import { replicaPath } from '@panda/domain';
import { JobFailure } from '../errors/job-failure.js';
import { isRecord } from './queue-data.js';

interface Protocol {
  readonly endpoint: string;
  readonly path: string;
}

/** A storage endpoint (RSE) as CRIC's `ddmendpoints.json` describes it. Spec: Pilot › storagedata. */
export interface StorageEndpoint {
  readonly name: string;
  readonly state: string;
  readonly deterministic: boolean;
  readonly protocols: Readonly<Record<string, readonly Protocol[]>>;
}

export type StorageData = ReadonlyMap<string, StorageEndpoint>;

/** Reads the object keyed by endpoint; `overrides` come from the job and win, field by field. Throws {@link JobFailure}. */
export function readStorageData(value: unknown, overrides: Readonly<Record<string, unknown>> = {}): StorageData {
  if (!isRecord(value)) throw new JobFailure('QUEUEDATANOTOK', 'storage data is no object');
  const found = new Map<string, StorageEndpoint>();
  for (const [name, record] of Object.entries({ ...value, ...overrides })) {
    if (!isRecord(record)) continue;
    const base = isRecord(value[name]) ? value[name] : {};
    const merged = { ...base, ...record };
    found.set(name, {
      name,
      state: typeof merged.state === 'string' ? merged.state : '',
      deterministic: merged.is_deterministic !== false,
      protocols: protocolsOf(merged.arprotocols),
    });
  }
  return found;
}

/** URL of a file at an endpoint for the first of `activities` that has a protocol. Throws {@link JobFailure}. */
export function transferUrl(
  endpoint: StorageEndpoint,
  activities: readonly string[],
  file: { readonly scope: string; readonly lfn: string },
): string {
  if (!endpoint.deterministic) throw new JobFailure('NONDETERMINISTICDDM', endpoint.name);
  const protocol = activities.map((activity) => endpoint.protocols[activity]?.[0]).find((candidate) => candidate !== undefined);
  if (protocol === undefined) throw new JobFailure('NOSTORAGEPROTOCOL', `${endpoint.name} for ${activities.join(', ')}`);
  const path = protocol.path.endsWith('/') ? protocol.path : `${protocol.path}/`;
  return `${protocol.endpoint}${path}${replicaPath(file.scope, file.lfn)}`;
}

function protocolsOf(value: unknown): Record<string, readonly Protocol[]> {
  if (!isRecord(value)) return {};
  const protocols: Record<string, readonly Protocol[]> = {};
  for (const [activity, list] of Object.entries(value)) {
    if (!Array.isArray(list)) continue;
    protocols[activity] = list.flatMap((item: unknown) =>
      isRecord(item) && typeof item.endpoint === 'string'
        ? [{ endpoint: item.endpoint, path: typeof item.path === 'string' ? item.path : '' }]
        : [],
    );
  }
  return protocols;
}
