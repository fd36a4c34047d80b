import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { JobFailure } from '../errors/job-failure.js';
import type { OutputFile } from '../job/job-definition.js';
import { firstFor } from '../queue/queue-data.js';
import { transferUrl } from '../queue/storage-data.js';
import { checksumOfFile } from './checksum.js';
import { type CopyTool, toolsFor } from './copytool.js';
import type { DataContext } from './stage-in.js';
import { demandEqual, outward, runTransfer, transferTimeoutMs } from './transfer.js';

/** One entry of the final file report. Spec: Pilot › Final file report; pilot-side names as pilot3 sends them. */
export interface ReportedFile {
  readonly guid: string;
  readonly fsize: number;
  readonly adler32: string;
  readonly surl: string;
  readonly endpoint: string;
}

export interface OutputLimits {
  readonly maxBytes: number;
}

const WRITE_ACTIVITIES = ['write_lan', 'pw', 'default'];
const LOG_ACTIVITIES = ['write_lan', 'pl', 'pw', 'default'];

/** The outputs that are there, in the job's order. Throws {@link JobFailure} for missing, empty or too large ones. */
export async function checkOutputs(files: readonly OutputFile[], dir: string, limits: OutputLimits): Promise<OutputFile[]> {
  const present: OutputFile[] = [];
  for (const file of files) {
    const found = await stat(join(dir, file.lfn)).catch(() => undefined);
    if (found === undefined) {
      if (file.mayBeMissing) continue;
      throw new JobFailure('MISSINGOUTPUTFILE', file.lfn);
    }
    if (!found.isFile()) throw new JobFailure('MISSINGOUTPUTFILE', `${file.lfn} is no file`);
    if (found.size === 0) throw new JobFailure('ZEROFILESIZE', file.lfn);
    if (found.size > limits.maxBytes) throw new JobFailure('OUTPUTFILETOOLARGE', `${file.lfn} has ${found.size} bytes`);
    present.push(file);
  }
  return present;
}

/** Copies one file to its endpoint and verifies it there. Throws {@link JobFailure}. */
export async function stageOut(
  file: OutputFile,
  path: string,
  guid: string | undefined,
  context: DataContext,
  signal: AbortSignal,
): Promise<ReportedFile> {
  const { endpoint, url } = outputPlace(file, context);
  const { size } = await stat(path);
  const adler32 = await checksumOfFile(path, 'adler32', signal);
  const copy = async (tool: CopyTool, copySignal: AbortSignal) => {
    const copied = await tool.store(path, url, { checksum: 'adler32', signal: copySignal });
    demandEqual(outward, 'adler32', adler32, copied.checksum, file.lfn);
    return copied;
  };
  const tools = toolsFor(context.tools, url, firstFor(context.queue.copyTools, file.isLog ? LOG_ACTIVITIES : WRITE_ACTIVITIES));
  const transfer = {
    what: file.lfn,
    direction: outward,
    policy: context.policy,
    signal,
    tools,
    copy,
    timeoutMs: transferTimeoutMs(size),
  };
  await runTransfer(transfer, context.clock, context.log);
  context.log.info('a file was staged out', { lfn: file.lfn, url, bytes: size, adler32 });
  return { guid: guid ?? file.guid ?? randomUUID(), fsize: size, adler32, surl: url, endpoint };
}

/** Where a file goes: the endpoint the server named, else the queue's own for writing, for logs the one for logs. */
export function outputPlace(
  file: OutputFile,
  { queue, storages }: Pick<DataContext, 'queue' | 'storages'>,
): { endpoint: string; url: string } {
  const activities = file.isLog ? LOG_ACTIVITIES : WRITE_ACTIVITIES;
  const name = file.endpoint ?? firstFor(queue.storages, activities)[0];
  if (name === undefined) throw new JobFailure('NOSTORAGE', `no endpoint for ${file.lfn}`);
  const endpoint = storages.get(name);
  if (endpoint === undefined) throw new JobFailure('NOSTORAGEPROTOCOL', `${name} is unknown`);
  return { endpoint: name, url: transferUrl(endpoint, activities, file) };
}
