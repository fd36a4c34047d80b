import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ClientError, type PandaClient } from '@panda/client';
import type { FileReply } from '@panda/contracts';
import pLimit from 'p-limit';
import { fileAdler32 } from './checksum.js';

export interface DownloadRequest {
  readonly dataset: string;
  readonly directory: string;
  readonly match: string | undefined;
  readonly parallel: number;
  readonly onTotal: (files: number) => void;
  readonly onFile: () => void;
}

export interface DownloadResult {
  readonly lfn: string;
  readonly outcome: 'got' | 'kept' | 'failed';
  readonly message?: string;
}

/** Files of a dataset into a directory. A file that is there with the right size and checksum is kept; one failure does not stop the others. */
export async function downloadDataset(client: PandaClient, request: DownloadRequest): Promise<DownloadResult[]> {
  const files: FileReply[] = [];
  const wanted = request.match === undefined ? () => true : wildCard(request.match);
  for await (const file of client.data.files(request.dataset)) if (wanted(file.lfn)) files.push(file);
  request.onTotal(files.length);
  await mkdir(request.directory, { recursive: true });
  const limit = pLimit(request.parallel);
  return Promise.all(
    files.map((file) =>
      limit(async () => {
        const result = await one(client, request, file);
        request.onFile();
        return result;
      }),
    ),
  );
}

async function one(client: PandaClient, { dataset, directory }: DownloadRequest, file: FileReply): Promise<DownloadResult> {
  const { lfn } = file;
  // The name comes from the server: it must not lead out of the directory.
  if (lfn === '' || lfn === '.' || lfn === '..' || /[/\\\0]/.test(lfn))
    return { lfn, outcome: 'failed', message: 'unsafe file name' };
  const target = join(directory, lfn);
  if (await isThere(target, file)) return { lfn, outcome: 'kept' };
  try {
    await client.data.download({ dataset, lfn: `${file.scope}:${lfn}` }, target);
    return { lfn, outcome: 'got' };
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return { lfn, outcome: 'failed', message: `${error.message} (${error.code})` };
  }
}

async function isThere(path: string, { size, adler32 }: FileReply): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  return stats !== undefined && stats.size === size && (await fileAdler32(path)) === adler32;
}

/** `*` and `?`, the whole name. */
export function wildCard(pattern: string): (name: string) => boolean {
  const source = pattern
    .replace(/[\\^$.+()[\]{}|]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`);
  return (name) => expression.test(name);
}
