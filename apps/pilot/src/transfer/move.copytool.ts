import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { checksumOfFile } from './checksum.js';
import { type Copied, CopyError, type CopyOptions, type CopyTool } from './copytool.js';
import { fileCopyTool, pathOfUrl } from './file.copytool.js';

/**
 * `mv`: inputs are links to where they lie, outputs are moved there: for sites whose jobs see their storage as a file system and
 * whose inputs are large. Spec: Pilot › copytool mv.
 */
export const moveCopyTool: CopyTool = {
  name: 'mv',
  names: ['mv'],
  schemes: ['file'],
  fetch: link,
  store: move,
};

async function link(url: string, path: string, { checksum, signal }: CopyOptions): Promise<Copied> {
  const source = pathOfUrl(url);
  const found = await stat(source).catch((cause: Error) => {
    throw new CopyError('missing', cause.message, { cause });
  });
  await symlink(source, path);
  try {
    return { bytes: found.size, checksum: await checksumOfFile(source, checksum, signal) };
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** A rename where job and storage share a file system, else a copy. The name appears whole either way. */
async function move(path: string, url: string, options: CopyOptions): Promise<Copied> {
  const target = pathOfUrl(url);
  const partial = `${target}.${randomUUID()}.part`;
  await mkdir(dirname(target), { recursive: true }).catch((cause: Error) => {
    throw new CopyError('other', cause.message, { cause });
  });
  try {
    await rename(path, partial);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EXDEV') return fileCopyTool.store(path, url, options);
    throw new CopyError('other', (error as Error).message, { cause: error });
  }
  const { size } = await stat(partial);
  const checksum = await checksumOfFile(partial, options.checksum, options.signal);
  await rename(partial, target);
  return { bytes: size, checksum };
}
