import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import type { SelectedFile } from './select-files.js';

type Pack = ReturnType<typeof pack>;

/**
 * Packs files into a gzip tar. Equal files make equal bytes: no owner, no time of packing, entries in the order given; so the server
 * finds the sandbox of an earlier submission again. Links are packed as what they point to.
 */
export async function writeArchive(top: string, files: readonly SelectedFile[], target: string): Promise<void> {
  const archive = pack();
  const writing = pipeline(archive, createGzip(), createWriteStream(target, { flags: 'wx', mode: 0o600 }));
  const filling = fill(archive, top, files).catch((error: Error) => archive.destroy(error));
  await Promise.all([writing, filling]);
}

async function fill(archive: Pack, top: string, files: readonly SelectedFile[]): Promise<void> {
  for (const file of files) await add(archive, top, file);
  archive.finalize();
}

async function add(archive: Pack, top: string, { path, stats }: SelectedFile): Promise<void> {
  const header = {
    name: path,
    mode: stats.mode & 0o777,
    mtime: new Date(Math.floor(stats.mtimeMs / 1_000) * 1_000),
    uid: 0,
    gid: 0,
  };
  if (stats.isDirectory()) {
    await new Promise<void>((resolve, reject) => {
      archive.entry({ ...header, name: `${path}/`, type: 'directory' }, (error) => (error ? reject(error) : resolve()));
    });
    return;
  }
  // The size was fixed when the file was selected: a file that grows meanwhile is packed as far as it was then.
  const entry = archive.entry({ ...header, size: stats.size, type: 'file' });
  const content = stats.size === 0 ? Readable.from([]) : createReadStream(join(top, path), { end: stats.size - 1 });
  await pipeline(content, entry);
}
