import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PrunError } from '../prun-error.js';

/** Runs `work` with a directory of its own, which is gone afterwards, also when the user interrupts. */
export async function withScratch<T>(parent: string, name: string, work: (directory: string) => Promise<T>): Promise<T> {
  const directory = join(parent, `panda-${name}`);
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (cause) {
    throw new PrunError('archive', `cannot make ${directory}: ${(cause as NodeJS.ErrnoException).code}; try --tmpDir`, cause);
  }
  const remove = () => rmSync(directory, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    return await work(directory);
  } finally {
    process.removeListener('exit', remove);
    remove();
  }
}
