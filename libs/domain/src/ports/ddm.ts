/**
 * Distributed data management as the fleet needs it: named datasets and containers of files, and where their replicas are.
 * Two implementations: the built-in catalogue, and Rucio. Spec: Architecture › data management.
 */
export interface DatasetName {
  readonly scope: string;
  readonly name: string;
}

export interface FileName {
  readonly scope: string;
  readonly lfn: string;
}

export interface ExpectedDdmFile extends FileName {
  /** Bytes. */
  readonly size: number | null;
}

export interface DdmFile extends FileName {
  /** Bytes. */
  readonly size: number;
  readonly guid?: string;
  /** Eight lower-case hexadecimal digits. */
  readonly adler32?: string;
  readonly md5?: string;
  readonly events?: number;
  readonly lumiBlock?: number;
}

export interface DatasetInfo extends DatasetName {
  readonly kind: 'dataset' | 'container';
  /** An open dataset may still get files. */
  readonly open: boolean;
}

/** How much of a dataset one storage endpoint holds; complete when available = total. */
export interface Availability {
  readonly endpoint: string;
  readonly onTape: boolean;
  readonly available: number;
  readonly availableBytes: number;
  readonly total: number;
}

export interface NewDataset extends DatasetName {
  readonly kind?: 'dataset' | 'container';
  readonly owner?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Seconds until the dataset may be deleted; absent = never. */
  readonly lifetimeS?: number;
}

/** All operations are idempotent: repeating one that had succeeded changes nothing and is no error. */
export interface Ddm {
  /** Looks names up; names nobody knows are absent from the answer. */
  describe(names: readonly DatasetName[]): Promise<DatasetInfo[]>;
  /** Datasets of a container, in name order, containers inside expanded; a dataset is its own only member. */
  members(container: DatasetName): Promise<DatasetName[]>;
  /** Files in lfn order. Throws {@link DdmError} `unknown` for a name nobody knows. */
  files(dataset: DatasetName): Promise<DdmFile[]>;
  availability(dataset: DatasetName): Promise<Availability[]>;
  register(datasets: readonly NewDataset[]): Promise<void>;
  addToContainer(container: DatasetName, members: readonly DatasetName[]): Promise<void>;
  /** Registers files with one replica each at `endpoint` and adds them to the dataset. Throws `conflict` when a name is taken by different content. */
  addFiles(dataset: DatasetName, endpoint: string, files: readonly DdmFile[]): Promise<void>;
  /** Those of the files that the dataset does not hold with this size (null = any), or of which no good replica is left. */
  defects(dataset: DatasetName, files: readonly ExpectedDdmFile[]): Promise<FileName[]>;
  /** Takes files out of the dataset; what is in no dataset any more is forgotten. */
  removeFiles(dataset: DatasetName, files: readonly FileName[]): Promise<void>;
  /** No more files will come. */
  close(datasets: readonly DatasetName[]): Promise<void>;
  /** Removes datasets that hold no file. */
  eraseEmpty(datasets: readonly DatasetName[]): Promise<void>;
}

/** `temporary`: worth repeating later. `unknown`: no such dataset. `conflict`: the name is taken by different content. `fatal`: never works. */
export type DdmErrorKind = 'temporary' | 'unknown' | 'conflict' | 'fatal';

export class DdmError extends Error {
  constructor(
    readonly kind: DdmErrorKind,
    message: string,
    override readonly cause?: unknown,
  ) {
    super(message);
    this.name = 'DdmError';
  }
}

/**
 * `scope:name` as written, else the scope by Rucio's convention: `user.alice` for `user.alice.…`, `group.x` for `group.x.…`,
 * else the first field. A trailing slash (old container notation) is dropped.
 */
export function datasetName(text: string): DatasetName {
  const trimmed = text.replace(/\/$/, '');
  const colon = trimmed.indexOf(':');
  if (colon > 0) return { scope: trimmed.slice(0, colon), name: trimmed.slice(colon + 1) };
  const fields = trimmed.split('.');
  const scope = fields[0] === 'user' || fields[0] === 'group' ? fields.slice(0, 2).join('.') : (fields[0] ?? '');
  return { scope, name: trimmed };
}
