import { type Access, anyone, anyUser, harvestersOrPilots, perObject } from './access.js';
import { maybe, required } from './argument.js';
import { legacyPickle, legacyText, post } from './forms.js';
import { operation } from './operation.js';
import { failed, flagReply, jsonReply, textReply } from './reply.js';

/** The texts by which clients know the outcome; only the first means success. */
export type StoredFile =
  | { readonly stored: true; readonly name: string; readonly url?: string }
  | { readonly stored: false; readonly reason: string };

function upload(id: string, methods: readonly string[], path: string, access: Access, doc: string) {
  return operation({
    id,
    doc,
    access,
    lane: 'submission',
    upload: true,
    args: {},
    legacy: {
      methods,
      // Tools compare the text with `True` exactly; anything else is shown to the user.
      reply: (file: StoredFile) =>
        file.stored ? (file.url === undefined ? flagReply(true) : textReply(file.url)) : textReply(`ERROR : ${file.reason}`),
      refuse: ({ reason, message }) => (reason === 'unauthenticated' ? flagReply(false) : textReply(`ERROR : ${message}`)),
    },
    v1: post(path, (file: StoredFile) =>
      file.stored ? { success: true, message: '', data: file.url ?? null } : failed(`ERROR: ${file.reason}`),
    ),
  });
}

export const uploadCacheFile = upload(
  'file_server.upload_cache_file',
  ['putFile'],
  'file_server/upload_cache_file',
  anyUser,
  'Store a sandbox for the workers of a task.',
);

export const uploadJediLog = upload(
  'file_server.upload_jedi_log',
  ['uploadLog', 'updateLog'],
  'file_server/upload_jedi_log',
  harvestersOrPilots,
  'Store the log of a worker or task.',
);

/** `FOUND:<host>:<file>`, or not. */
export interface FoundSandbox {
  readonly host: string;
  readonly fileName: string;
}

export const validateCacheFile = operation({
  id: 'file_server.validate_cache_file',
  doc: 'Whether the same sandbox of the same user was uploaded in the last three days.',
  access: anyUser,
  lane: 'query',
  args: {
    fileSize: required.int({ legacy: 'fileSize', min: 0 }),
    checksum: required.int({ legacy: 'checkSum', min: 0, doc: 'CRC32 from the gzip trailer.' }),
  },
  legacy: legacyText('checkSandboxFile', (found: FoundSandbox | null) =>
    found === null ? 'NOTFOUND' : `FOUND:${found.host}:${found.fileName}`,
  ),
  // The client reads the message only.
  v1: post('file_server/validate_cache_file', (found: FoundSandbox | null) =>
    found === null ? failed('NOTFOUND') : { success: true, message: `FOUND:${found.host}:${found.fileName}`, data: null },
  ),
});

export const touchCacheFile = operation({
  id: 'file_server.touch_cache_file',
  doc: 'Keep a sandbox from being cleaned up.',
  access: anyUser,
  lane: 'submission',
  args: { fileName: required.str({ legacy: 'filename' }) },
  legacy: { methods: ['touchFile'], reply: (known: boolean) => flagReply(known), refuse: () => flagReply(false) },
  v1: post('file_server/touch_cache_file', (known: boolean) => ({
    success: known,
    message: known ? '' : 'unknown file',
    data: null,
  })),
});

export const deleteCacheFile = operation({
  id: 'file_server.delete_cache_file',
  doc: 'Remove a sandbox of the caller.',
  access: perObject,
  lane: 'submission',
  args: { fileName: required.str({ legacy: 'file' }) },
  legacy: { methods: ['deleteFile'], reply: (removed: boolean) => flagReply(removed), refuse: () => flagReply(false) },
  v1: post('file_server/delete_cache_file', (removed: boolean) => ({
    success: removed,
    message: removed ? '' : 'no such file of yours',
    data: null,
  })),
});

/** Answered as `{"status": …, "message": …}` in the classic dialect. */
export interface CheckpointOutcome {
  readonly status: boolean;
  readonly message: string;
}

const checkpointForm = (methods: readonly string[]) => ({
  methods,
  reply: (outcome: CheckpointOutcome) => jsonReply(outcome),
  refuse: ({ message }: { message: string }) => jsonReply({ status: false, message }),
});

export const uploadCheckpoint = operation({
  id: 'file_server.upload_hpo_checkpoint',
  doc: 'Store the checkpoint `<task>_<sub id>` of a parameter scan.',
  access: { roles: ['pilot', 'harvester', 'production', 'admin'] },
  lane: 'submission',
  upload: true,
  args: {},
  legacy: checkpointForm(['put_checkpoint']),
  v1: post('file_server/upload_hpo_checkpoint', ({ status, message }: CheckpointOutcome) => ({
    success: status,
    message,
    data: null,
  })),
});

export const deleteCheckpoint = operation({
  id: 'file_server.delete_hpo_checkpoint',
  doc: 'Remove a checkpoint of a parameter scan.',
  access: { roles: ['pilot', 'harvester', 'production', 'admin'], ownerOf: 'task' },
  lane: 'submission',
  args: { taskId: required.int({ legacy: 'task_id', min: 1 }), subId: required.str({ legacy: 'sub_id' }) },
  legacy: checkpointForm(['delete_checkpoint']),
  v1: post('file_server/delete_hpo_checkpoint', ({ status, message }: CheckpointOutcome) => ({
    success: status,
    message,
    data: null,
  })),
});

export const getCachePrefixes = operation({
  id: 'file_server.get_cache_prefixes',
  doc: 'Athena cache prefixes that pathena knows.',
  access: anyone,
  lane: 'query',
  args: {},
  legacy: legacyPickle('getCachePrefixes', (prefixes: readonly string[]) => [...prefixes]),
});

export const getCmtConfigList = operation({
  id: 'file_server.get_cmt_config_list',
  doc: 'Platforms on which a release is installed.',
  access: anyone,
  lane: 'query',
  // `relaseVer`: the misspelling is the wire name.
  args: { release: maybe.str(null, { legacy: 'relaseVer' }) },
  legacy: legacyPickle('getCmtConfigList', (platforms: readonly string[]) => [...platforms]),
});

export const getClientVersion = operation({
  id: 'file_server.get_client_version',
  doc: 'The newest client version that this server was made for.',
  access: anyone,
  lane: 'query',
  args: {},
  legacy: legacyText('getPandaClientVer', (version: string) => version),
});

/** A part of a stored log; null when there is none. */
export const downloadLog = operation({
  id: 'file_server.download_jedi_log',
  doc: 'A part of the log of a worker or task.',
  access: anyUser,
  lane: 'query',
  args: {
    logName: required.str({ legacy: 'logName' }),
    offset: maybe.int(0, { legacy: 'offset', min: 0 }),
    size: maybe.int(-1, { legacy: 'size', min: -1, doc: 'Bytes; -1 for the rest.' }),
  },
  legacy: legacyText('fetchLog', (log: string | null) => log ?? ''),
  v1: {
    path: 'file_server/download_jedi_log',
    verb: 'GET',
    reply: (log: string | null) => (log === null ? failed('no such log') : { success: true, message: '', data: log }),
  },
});

export const getServer = operation({
  id: 'file_server.get_server',
  doc: 'Host and port of this server.',
  access: anyone,
  lane: 'query',
  args: {},
  legacy: legacyText('getServer', (server: string) => server),
});
