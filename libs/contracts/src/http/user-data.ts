import { anyUser } from './access.js';
import { type Argument, maybe, required } from './argument.js';
import {
  type DatasetReply,
  dataLimits,
  dataRoutes,
  type FileReply,
  type Page,
  type UploadFields,
  type UploadReply,
} from './data.js';
import { get, post } from './forms.js';
import { operation } from './operation.js';
import { type QueueReply, queueRoutes } from './queues.js';
import { done, failed } from './reply.js';

/** The fields of {@link UploadFields}. */
const uploadFields = {
  dataset: required.str({ doc: 'Target dataset; open, and of the caller.' }),
  lfn: required.str({ doc: 'Name of the file in the dataset.' }),
  endpoint: maybe.str(null, { doc: 'Storage endpoint; absent: the one for user data.' }),
  guid: maybe.str(null, { doc: 'Identifier of the file; absent: a new one.' }),
  n_events: maybe.str(null, { doc: 'Number of events in the file.' }),
  size: maybe.str(null, { doc: 'Bytes; other bytes that arrive are refused.' }),
  adler32: maybe.str(null, { doc: 'Checksum, eight hexadecimal digits; other content is refused.' }),
} satisfies Record<keyof UploadFields, Argument<unknown>>;

/** What was asked for, or why not: unknown names, other owners, other bytes. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

const envelope = <T>(outcome: Outcome<T>) => (outcome.ok ? done(outcome.value) : failed(outcome.reason));

/** Bytes of a file, with the checksum the catalogue has for them. */
export interface FileBytes {
  readonly lfn: string;
  readonly size: number;
  readonly adler32: string;
  readonly content: NodeJS.ReadableStream;
}

const page = {
  limit: maybe.int(dataLimits.pageDefault as number, { min: 1, max: dataLimits.pageMax }),
  offset: maybe.int(0, { min: 0, max: 1_000_000 }),
};

export const registerDataset = operation({
  id: 'data.register_dataset',
  doc: 'A dataset, or a container of datasets, of the caller.',
  access: anyUser,
  lane: 'submission',
  args: { name: required.str(), type: maybe.str('dataset'), members: maybe.strs([] as readonly string[]) },
  v1: post(dataRoutes.registerDataset.path, (outcome: Outcome<DatasetReply>) => envelope(outcome)),
});

export const closeDataset = operation({
  id: 'data.close_dataset',
  doc: 'No more files will be added.',
  access: anyUser,
  lane: 'submission',
  args: { name: required.str() },
  v1: post(dataRoutes.closeDataset.path, (outcome: Outcome<DatasetReply>) => envelope(outcome)),
});

export const uploadFile = operation({
  id: 'data.upload_file',
  doc: 'A file for an open dataset of the caller; the fields come before the file.',
  access: anyUser,
  lane: 'submission',
  upload: true,
  fields: uploadFields,
  args: {},
  v1: post(dataRoutes.uploadFile.path, (outcome: Outcome<UploadReply>) => envelope(outcome)),
});

export const listDatasets = operation({
  id: 'data.list_datasets',
  doc: 'Datasets by name, newest first; without a pattern those of the caller.',
  access: anyUser,
  lane: 'query',
  args: { pattern: maybe.str(), ...page },
  v1: get(dataRoutes.listDatasets.path, (found: Page<DatasetReply>) => done(found)),
});

export const listFiles = operation({
  id: 'data.list_files',
  doc: 'Files of a dataset or container, with their replicas.',
  access: anyUser,
  lane: 'query',
  args: { dataset: required.str(), ...page },
  v1: get(dataRoutes.listFiles.path, (outcome: Outcome<Page<FileReply>>) => envelope(outcome)),
});

export const downloadFile = operation({
  id: 'data.download_file',
  doc: 'The bytes of a file.',
  access: anyUser,
  lane: 'query',
  args: { lfn: required.str(), dataset: maybe.str() },
  v1: {
    ...get(dataRoutes.downloadFile.path, (outcome: Outcome<FileBytes>) =>
      envelope(outcome.ok ? { ok: true, value: null } : outcome),
    ),
    bytes: (outcome: Outcome<FileBytes>) => (outcome.ok ? outcome.value : undefined),
  },
});

export const listQueues = operation({
  id: 'queue.list',
  doc: 'PanDA queues with what runs there now.',
  access: anyUser,
  lane: 'query',
  args: { vo: maybe.str(), status: maybe.str() },
  v1: get(queueRoutes.list.path, (queues: readonly QueueReply[]) => done(queues)),
});
