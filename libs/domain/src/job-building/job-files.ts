import { parseDatasetAttributes } from '../dataset/dataset-attributes.js';
import type { ContentRecord } from '../file/content-record.js';
import { inputFileStatus } from '../file/input-file.machine.js';
import type { StreamDataset } from '../splitting/input-chunk.js';
import type { Locality } from '../splitting/site-candidate.js';
import type { JobFileColumns } from './built-job.js';
import type { OutputSlot } from './output-names.js';

/** Status of a job's file: `ready` where the job finds it, `cached` when it is on the node already, `unknown` before it exists. */
export const jobFileStatus = { ready: inputFileStatus.ready, cached: 'cached', unknown: 'unknown' } as const;

/** Storage token of input that is copied, never read over the network. */
const COPY = 'local';

/** A picked record as the job's file. Merge jobs read unmerged output as plain input. */
export function inputFileColumns(
  file: ContentRecord,
  dataset: StreamDataset,
  taskId: number,
  options: { locality: Locality | undefined; isMerging: boolean; copies: boolean },
): JobFileColumns {
  return {
    lfn: file.lfn,
    type: options.isMerging ? 'input' : file.type,
    status: options.locality === 'cache' ? jobFileStatus.cached : jobFileStatus.ready,
    dataset: dataset.containerName || dataset.datasetName,
    guid: file.guid,
    fsize: file.fsize,
    md5sum: file.checksum,
    scope: file.scope,
    proddblock: dataset.datasetName,
    proddblocktoken: options.copies ? COPY : null,
    dispatchdblocktoken: dataset.storageToken,
    jeditaskid: taskId,
    datasetid: file.datasetId,
    fileid: file.fileId,
    attemptnr: file.attemptNr,
  };
}

/** Word in the destination token of output that a job need not make. panda-server:pandaserver/taskbuffer/FileSpec.py@34d4b8f3. */
const MAY_BE_MISSING = 'an';

/** An output to be. */
export function outputFileColumns(
  slot: OutputSlot,
  lfn: string,
  scope: string,
  taskId: number,
  isEventService: boolean,
): JobFileColumns {
  const { stream } = slot;
  const attributes = parseDatasetAttributes(stream.attributes);
  const tokens = [stream.storageToken?.split('/')[0], attributes.allowNoOutput ? MAY_BE_MISSING : undefined];
  return {
    lfn,
    type: stream.outtype,
    status: jobFileStatus.unknown,
    dataset: stream.containerName || stream.datasetName,
    scope,
    proddblocktoken: isEventService && attributes.objectStore !== undefined ? `objectstore^${attributes.objectStore}` : null,
    destinationdblock: stream.datasetName,
    destinationdblocktoken: tokens.filter((token) => token).join(',') || null,
    destinationse: stream.destination,
    jeditaskid: taskId,
    datasetid: stream.datasetId,
    fileid: slot.fileId,
    attemptnr: 0,
  };
}

/** The library a build job makes, as input of the jobs that need it. */
export interface LibFile {
  readonly datasetId: number;
  readonly datasetName: string;
  readonly fileId: number;
  readonly lfn: string;
  readonly scope: string | null;
  /** The build has finished; otherwise jobs wait for it. */
  readonly isReady: boolean;
  readonly guid?: string | null;
  readonly fsize?: number;
  readonly checksum?: string | null;
}

export function libFileColumns(lib: LibFile, taskId: number): JobFileColumns {
  return {
    lfn: lib.lfn,
    type: 'input',
    status: lib.isReady ? jobFileStatus.ready : jobFileStatus.unknown,
    dataset: lib.datasetName,
    guid: lib.guid ?? null,
    fsize: lib.fsize ?? 0,
    md5sum: lib.checksum ?? null,
    scope: lib.scope,
    proddblock: lib.datasetName,
    proddblocktoken: COPY,
    dispatchdblock: lib.datasetName,
    jeditaskid: taskId,
    datasetid: lib.datasetId,
    fileid: lib.fileId,
    attemptnr: 0,
  };
}

/** A random seed that belongs to one job. */
export interface SeedFile {
  readonly datasetId: number;
  readonly datasetName: string;
  readonly fileId: number;
  readonly lfn: string;
  readonly value: number;
  readonly attemptNr: number;
}

export function seedFileColumns(seed: SeedFile, taskId: number): JobFileColumns {
  return {
    lfn: seed.lfn,
    type: 'pseudo_input',
    status: jobFileStatus.ready,
    dataset: seed.datasetName,
    proddblock: seed.datasetName,
    jeditaskid: taskId,
    datasetid: seed.datasetId,
    fileid: seed.fileId,
    attemptnr: seed.attemptNr,
  };
}
