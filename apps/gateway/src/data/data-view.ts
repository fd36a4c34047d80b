import type { DatasetReply, FileReply } from '@panda/contracts';
import type { CatalogueFileRow } from '@panda/database';
import { type DatasetName, replicaPath } from '@panda/domain';

interface DatasetRow {
  readonly kind: string;
  readonly state: string;
  readonly owner: string | null;
  readonly created_at: Date;
  readonly files: number;
  readonly bytes: number;
}

const OPEN = 'open';

export function isOpen({ state }: Pick<DatasetRow, 'state'>): boolean {
  return state === OPEN;
}

export function datasetReply({ scope, name }: DatasetName, row: DatasetRow, created = false): DatasetReply {
  return {
    scope,
    name,
    type: row.kind === 'container' ? 'container' : 'dataset',
    is_open: isOpen(row),
    n_files: row.files,
    n_bytes: row.bytes,
    owner: row.owner ?? '',
    created_at: row.created_at.toISOString(),
    created,
  };
}

export function fileReply(row: CatalogueFileRow): FileReply {
  return {
    scope: row.scope,
    lfn: row.lfn,
    dataset: row.dataset,
    size: row.fsize,
    adler32: row.adler32 ?? '',
    guid: row.guid ?? '',
    n_events: row.events,
    replicas: row.replicas.map(({ endpoint, base }) => ({
      endpoint,
      path: base === null ? '' : `${base.replace(/\/$/, '')}/${replicaPath(row.scope, row.lfn)}`,
    })),
  };
}

/** A page and where the next one begins; one row more than the page was asked for, to know. */
export function pageOf<T>(rows: readonly T[], limit: number, offset: number): { items: T[]; next_offset: number | null } {
  return { items: rows.slice(0, limit), next_offset: rows.length > limit ? offset + limit : null };
}
