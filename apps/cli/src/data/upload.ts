import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { PandaClient } from '@panda/client';
import { dataLimits, type UploadReply } from '@panda/contracts';
import pLimit from 'p-limit';
import { UsageError } from '../terminal/failure.js';
import { fileAdler32 } from './checksum.js';

export interface UploadRequest {
  readonly dataset: string;
  readonly files: readonly string[];
  readonly endpoint: string | undefined;
  readonly parallel: number;
  readonly onFile: () => void;
}

/** All files are looked at before the first byte is sent: a missing one should not leave half a dataset behind. */
export async function uploadFiles(client: PandaClient, request: UploadRequest): Promise<UploadReply[]> {
  const { dataset, files, endpoint, parallel, onFile } = request;
  const names = await Promise.all(files.map(fileName));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new UsageError(`two of the files are called ${twice}; a dataset holds one of a name`);
  await client.data.registerDataset({ name: dataset });
  const limit = pLimit(parallel);
  const uploads = files.map((path, i) =>
    limit(async () => {
      const fields = {
        dataset,
        lfn: names[i] ?? '',
        adler32: await fileAdler32(path),
        ...(endpoint === undefined ? {} : { endpoint }),
      };
      const reply = await client.data.upload(path, fields);
      onFile();
      return reply;
    }),
  );
  try {
    return await Promise.all(uploads);
  } finally {
    limit.clearQueue();
  }
}

async function fileName(path: string): Promise<string> {
  const stats = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`cannot read ${path}: ${cause.code}`);
  });
  if (!stats.isFile()) throw new UsageError(`${path} is no file`);
  const name = basename(path);
  if (name.length > dataLimits.lfn) throw new UsageError(`the name of ${path} is longer than ${dataLimits.lfn} characters`);
  return name;
}
