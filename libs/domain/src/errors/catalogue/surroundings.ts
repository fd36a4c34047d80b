import type { ErrorRow } from '../error-row.js';

/** Uploaded and served files. */
export const fileErrors = {
  'PANDA-FILE-001': {
    kind: 'invalid',
    sentence: 'Upload failure. Exceeded size limit {size}>{limit}.',
    hint: 'Leave large files out, or keep them in a dataset.',
    http: 413,
  },
  'PANDA-FILE-002': { kind: 'conflict', sentence: 'Cannot overwrite file', hint: 'Choose another name.' },
  'PANDA-FILE-003': { kind: 'invalid', sentence: 'Cannot write file', hint: 'Use a plain file name.' },
  'PANDA-FILE-004': { kind: 'notFound', sentence: 'no file {name}', hint: 'It may have expired; upload it again.' },
  'PANDA-FILE-005': {
    kind: 'limited',
    sentence: '{user} has reached the upload quota of {limit}',
    hint: 'Files expire after some days; wait, or upload less.',
  },
} as const satisfies Record<string, ErrorRow>;

/** Data management. */
export const dataErrors = {
  'PANDA-DDM-001': { kind: 'notFound', sentence: 'dataset {dataset} is unknown', hint: 'Check scope and name.' },
  'PANDA-DDM-002': {
    kind: 'transient',
    sentence: 'data management does not answer: {reason}',
    hint: 'The agents try again by themselves.',
  },
  'PANDA-DDM-003': {
    kind: 'conflict',
    sentence: 'file {scope}:{lfn} exists with different content',
    hint: 'Output names must be unique.',
  },
} as const satisfies Record<string, ErrorRow>;

/** Queues, shares and the operators' tables. */
export const configurationErrors = {
  'PANDA-CONF-001': { kind: 'notFound', sentence: 'panda queue {queue} is unknown', hint: 'Check schedconfig_json.' },
  'PANDA-CONF-002': {
    kind: 'invalid',
    sentence: 'the share tree is refused: {reason}',
    hint: 'The previous tree stays in use; correct global_shares.',
  },
  'PANDA-CONF-003': {
    kind: 'invalid',
    sentence: 'retry rule {ruleId} is refused: {reason}',
    hint: 'The other rules stay in use; correct retryerrors.',
  },
  'PANDA-CONF-004': {
    kind: 'invalid',
    sentence: 'no plug-in {plugin} for vo={vo} sourceLabel={label}',
    hint: 'Install a plug-in for the organization, or correct the configuration.',
  },
  'PANDA-CONF-005': {
    kind: 'invalid',
    sentence: 'the data of queue {queue} is refused: {reason}',
    hint: 'The previous data stays in use; correct the information system.',
  },
} as const satisfies Record<string, ErrorRow>;
