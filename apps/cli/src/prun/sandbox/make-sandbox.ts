import { copyFile, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { Messages } from '../messages.js';
import { PrunError } from '../prun-error.js';
import { hasNoBuild, type Submission } from '../submission/submission.js';
import { writeArchive } from './archive.js';
import { type Selection, selectFiles } from './select-files.js';

export interface SandboxPlace {
  readonly cwd: string;
  readonly workDir: string;
  /** Directory for our own files; removed at the end. */
  readonly scratch: string;
  readonly uuid: () => string;
  readonly messages: Messages;
}

export interface Sandbox {
  /** Local file; undefined when the sandbox is a registered file already. */
  readonly path: string | undefined;
  /** Name jobs know it under. */
  readonly name: string;
}

/** Gathers and packs what is sent along, or takes what the user gives instead. Client API C.3 */
export async function makeSandbox(submission: Submission, place: SandboxPlace): Promise<Sandbox> {
  if (submission.tarBallViaDDM !== '') return { path: undefined, name: submission.tarBallViaDDM.split(':').at(-1) ?? '' };
  const name = `${hasNoBuild(submission) ? 'jobO' : 'sources'}.${place.uuid()}.tar.gz`;
  const path = join(place.scratch, name);
  try {
    if (submission.inTarBall !== '') await copyFile(resolve(place.cwd, submission.inTarBall), path);
    else await pack(submission, place, path);
    if (submission.outTarBall !== '') await copyFile(path, resolve(place.cwd, submission.outTarBall));
  } catch (cause) {
    if (cause instanceof PrunError) throw cause;
    throw new PrunError('archive', `cannot make the sandbox: ${(cause as Error).message}`, cause);
  }
  place.messages.detail(`sandbox ${path} has ${(await stat(path)).size} bytes`);
  return { path, name };
}

async function pack(submission: Submission, place: SandboxPlace, target: string): Promise<void> {
  place.messages.info(`gathering files under ${place.workDir}`);
  const { files, skipped } = await select(submission, place);
  for (const { path, why } of skipped) place.messages.info(`  skip ${path}: ${why}`);
  if (skipped.length > 0) place.messages.info('please use --extFile if you need to send the skipped files');
  for (const { path } of files) place.messages.detail(path);
  await writeArchive(place.workDir, files, target);
}

async function select(submission: Submission, { cwd, workDir, scratch }: SandboxPlace): Promise<Selection> {
  const { followLinks, noCompile, maxFileSize, extFile, excludeFile, outTarBall } = submission;
  const own = [scratch, ...(outTarBall === '' ? [] : [resolve(cwd, outTarBall)])].map((path) => relative(workDir, path));
  const inside = own.filter((path) => !path.startsWith('..') && !isAbsolute(path));
  const selection = await selectFiles(workDir, {
    followLinks,
    noCompile,
    maxFileSize,
    extFile,
    excludeFile,
    own: new Set(inside),
  });
  if (!selection.ok) throw new PrunError('config', selection.reason);
  return selection.value;
}
