/**
 * API v1 module `data`: user files in the built-in catalogue (datasets, files, replicas). Spec: Data management; the wire form is ours,
 * in the v1 envelope. Three rules hold for every call:
 *  1. a dataset belongs to its creator: only the owner, or the production role, may add files, close or erase;
 *  2. the server measures: size and adler32 come from the bytes it stored, a client's numbers are only compared with them;
 *  3. uploading the same bytes under the same name again answers with the stored file and changes nothing; other bytes are a conflict.
 */
export const dataRoutes = {
  registerDataset: { method: 'POST', path: 'data/register_dataset' },
  closeDataset: { method: 'POST', path: 'data/close_dataset' },
  /** Multipart; the fields of {@link UploadFields} must come before the part `file`, so that the server can stream. */
  uploadFile: { method: 'POST', path: 'data/upload_file' },
  listDatasets: { method: 'GET', path: 'data/list_datasets' },
  listFiles: { method: 'GET', path: 'data/list_files' },
  /** Not an envelope on success: the bytes of the file, with `Content-Length` and the header {@link ADLER32_HEADER}. */
  downloadFile: { method: 'GET', path: 'data/download_file' },
} as const;

export const ADLER32_HEADER = 'x-panda-adler32';

/** Longest file name, dataset name and scope in characters. Spec: Database › FILESTABLE4, DATASETS. */
export const dataLimits = { lfn: 256, dataset: 255, scope: 30, pageMax: 10_000, pageDefault: 1_000 } as const;

export interface RegisterDatasetRequest {
  /** `scope:name` or `name`; without a scope it is the first two fields of `user.*` and `group.*` names, else the first one. */
  name: string;
  /** `container` collects datasets; default `dataset`. A name that ends with `/` is always a container. */
  type?: 'dataset' | 'container';
  /** Datasets to attach; only with a container. */
  members?: string[];
}

export interface DatasetReply {
  scope: string;
  name: string;
  type: 'dataset' | 'container';
  is_open: boolean;
  n_files: number;
  n_bytes: number;
  owner: string;
  /** ISO 8601, UTC. */
  created_at: string;
  /** False when the dataset was there already. */
  created: boolean;
}

export interface CloseDatasetRequest {
  name: string;
}

export interface UploadFields {
  /** Target dataset; must be open and owned by the caller. */
  dataset: string;
  lfn: string;
  /** Storage endpoint (RSE); the server's default for user data when absent. */
  endpoint?: string;
  guid?: string;
  n_events?: string;
  /** Checked against what arrived: a mismatch stores nothing. Decimal bytes; eight hexadecimal digits. */
  size?: string;
  adler32?: string;
}

export interface FileReply {
  scope: string;
  lfn: string;
  dataset: string;
  size: number;
  /** Eight lower-case hexadecimal digits. */
  adler32: string;
  guid: string;
  n_events: number | null;
  replicas: { endpoint: string; path: string }[];
}

export interface UploadReply extends FileReply {
  /** False when the same bytes were stored under this name before. */
  created: boolean;
}

export interface ListDatasetsQuery {
  /** `*` and `?` are wild cards; default: everything of the caller. */
  pattern?: string;
  limit?: number;
  offset?: number;
}

export interface ListFilesQuery {
  dataset: string;
  limit?: number;
  offset?: number;
}

export interface Page<T> {
  items: T[];
  /** Null when this was the last page. */
  next_offset: number | null;
}

export interface DownloadQuery {
  /** Dataset that holds the file; needed when no scope is given with the name. */
  dataset?: string;
  /** `scope:lfn` or `lfn`. */
  lfn: string;
}
