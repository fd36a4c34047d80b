import { access, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Log } from '@panda/domain';
import { JobFailure } from '../errors/job-failure.js';
import type { InputFile } from '../job/job-definition.js';
import { firstFor, type QueueData } from '../queue/queue-data.js';
import { type StorageData, transferUrl } from '../queue/storage-data.js';
import { type AccessMode, isReadInPlace } from './access-mode.js';
import { type CopyTool, toolsFor } from './copytool.js';
import { pathOfUrl } from './file.copytool.js';
import { demandEqual, inward, runTransfer, type TransferPolicy, transferTimeoutMs } from './transfer.js';

/** What stage-in and stage-out need of a pilot. */
export interface DataContext {
  readonly queue: QueueData;
  readonly storages: StorageData;
  readonly tools: readonly CopyTool[];
  readonly policy: TransferPolicy;
  readonly clock: Clock;
  readonly log: Log;
}

export interface StagedInput {
  readonly file: InputFile;
  /** Where the payload opens it: a name in the job directory, or its address at the storage. */
  readonly pfn: string;
  readonly inPlace: boolean;
}

const READ_ACTIVITIES = ['read_lan', 'pr', 'default'];

/**
 * Brings the inputs into `dir`, each checked by size and checksum; those that `mode` leaves at the storage are only looked for. Throws
 * {@link JobFailure}; files of a failed copy are removed.
 */
export async function stageIn(
  files: readonly InputFile[],
  dir: string,
  context: DataContext,
  mode: AccessMode,
  signal: AbortSignal,
): Promise<StagedInput[]> {
  const placed = files.map((file) => ({ file, url: inputUrl(file, context) }));
  const inPlace = new Set(
    placed.filter(({ file, url }) => isReadInPlace(file, url, mode, context.queue)).map(({ file }) => file),
  );
  await checkSizes(
    files.filter((file) => !inPlace.has(file)),
    dir,
    context.queue,
  );
  const staged: StagedInput[] = [];
  for (const { file, url } of placed) {
    if (inPlace.has(file)) staged.push({ file, pfn: await openable(file, url), inPlace: true });
    else staged.push({ file, pfn: await copyIn(file, url, dir, context, signal), inPlace: false });
  }
  return staged;
}

/** A mounted storage is asked whether it has the file; others answer the payload. */
async function openable(file: InputFile, url: string): Promise<string> {
  if (!url.startsWith('file:')) return url;
  const path = pathOfUrl(url);
  await access(path).catch((cause: Error) => {
    throw new JobFailure('MISSINGINPUTFILE', file.lfn, { cause });
  });
  return path;
}

async function copyIn(file: InputFile, url: string, dir: string, context: DataContext, signal: AbortSignal): Promise<string> {
  const path = join(dir, file.lfn);
  const kind = file.checksum?.kind ?? 'adler32';
  const copy = async (tool: CopyTool, copySignal: AbortSignal) => {
    const copied = await tool.fetch(url, path, { checksum: kind, signal: copySignal });
    try {
      if (file.bytes !== undefined && file.bytes !== copied.bytes) {
        throw new JobFailure('STAGEINFAILED', `${file.lfn} has ${copied.bytes} bytes, ${file.bytes} are expected`);
      }
      if (file.checksum !== undefined) demandEqual(inward, kind, file.checksum.value, copied.checksum, file.lfn);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    return copied;
  };
  const tools = toolsFor(context.tools, url, firstFor(context.queue.copyTools, READ_ACTIVITIES));
  const timeoutMs = transferTimeoutMs(file.bytes ?? 0);
  const transfer = { what: file.lfn, direction: inward, policy: context.policy, signal, tools, copy, timeoutMs };
  const { bytes } = await runTransfer(transfer, context.clock, context.log);
  context.log.info('an input was staged in', { lfn: file.lfn, url, bytes });
  return path;
}

/** Where an input is: the endpoint the server named, else the queue's own for reading. */
export function inputUrl(file: InputFile, { queue, storages }: Pick<DataContext, 'queue' | 'storages'>): string {
  const name = file.endpoint ?? firstFor(queue.storages, READ_ACTIVITIES)[0];
  if (name === undefined) throw new JobFailure('NOSTORAGE', `no endpoint for ${file.lfn}`);
  const endpoint = storages.get(name);
  if (endpoint === undefined) throw new JobFailure('NOSTORAGEPROTOCOL', `${name} is unknown`);
  return transferUrl(endpoint, READ_ACTIVITIES, file);
}

/** Total within the queue's limit and within what the disk has. */
async function checkSizes(files: readonly InputFile[], dir: string, queue: QueueData): Promise<void> {
  const total = files.reduce((sum, file) => sum + (file.bytes ?? 0), 0);
  if (total > queue.maxInputMb * 1_048_576)
    throw new JobFailure('SIZETOOLARGE', `${total} bytes of input, the queue takes ${queue.maxInputMb} MB`);
  const disk = await statfs(dir);
  const free = disk.bavail * disk.bsize;
  if (total > free) throw new JobFailure('NOLOCALSPACE', `${total} bytes of input, ${free} are free`);
}
