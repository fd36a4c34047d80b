import { lstat, readdir, readlink, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '@panda/domain';
import { JobFailure } from '../errors/job-failure.js';
import { ProcessGroup } from '../process/process-group.js';

/** Never part of a log: secrets, credentials and what only this pilot understands. */
const PRIVATE = [/^panda_secrets\.json$/, /^x509.*/, /\.lib\.tgz(\.\d+)*$/, /\.part$/, /^core(\.\d+)?$/];

export interface LogPlan {
  readonly pandaId: string;
  readonly queue: string;
  /** Files that have their own place: inputs and outputs. */
  readonly exclude: ReadonlySet<string>;
  readonly keepCores: boolean;
  /** The job has secrets, which a transform may have unfolded below `workDir`. */
  readonly hasSecrets: boolean;
  readonly timeoutMs: number;
  readonly mark: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Packs the job directory as `tar.gz` at `archive`; the directory then has its {@link packedName}. Throws {@link JobFailure} 1320, or 1376 when packing takes too long.
 */
export async function packLog(dir: string, archive: string, plan: LogPlan, clock: Clock): Promise<void> {
  await removeRedundant(dir, plan);
  await removeBrokenLinks(dir);
  const packed = packedName(dir, plan);
  await rename(dir, packed);
  const errors = `${archive}.stderr`;
  const tar = ProcessGroup.start({
    program: 'tar',
    args: ['-czhf', archive, basename(packed)],
    cwd: dirname(packed),
    env: plan.env,
    mark: plan.mark,
    stdoutFile: '/dev/null',
    stderrFile: errors,
  });
  const limit = new AbortController();
  const late = clock.sleep(plan.timeoutMs, limit.signal).then(() => 'late' as const);
  const ended = await Promise.race([tar.ended, late]).catch((cause: Error) => {
    throw new JobFailure('LOGFILECREATIONFAILURE', cause.message, { cause });
  });
  limit.abort();
  if (ended === 'late') {
    await tar.kill(clock, 1_000);
    await rm(archive, { force: true });
    throw new JobFailure('LOGCREATIONTIMEOUT', `${plan.timeoutMs} ms`);
  }
  // tar says 1 when a file changed while it was read: what a log has is still worth keeping.
  if (ended.exitCode > 1 || (await stat(archive).catch(() => undefined)) === undefined) {
    throw new JobFailure('LOGFILECREATIONFAILURE', `tar ended with ${ended.exitCode}`);
  }
  await rm(errors, { force: true });
}

/** What the job directory is called in its log: so named, logs of several jobs unpack side by side. */
export function packedName(dir: string, { pandaId, queue }: Pick<LogPlan, 'pandaId' | 'queue'>): string {
  return join(dirname(dir), `tarball_PandaJob_${pandaId}_${queue}`);
}

async function removeRedundant(dir: string, { exclude, keepCores, hasSecrets }: LogPlan): Promise<void> {
  // A transform that was killed could not tidy up.
  if (hasSecrets) await rm(join(dir, 'workDir'), { recursive: true, force: true });
  for (const name of await readdir(dir)) {
    const isCore = /^core(\.\d+)?$/.test(name);
    const redundant = exclude.has(name) || (PRIVATE.some((pattern) => pattern.test(name)) && !(isCore && keepCores));
    if (redundant) await rm(join(dir, name), { recursive: true, force: true });
  }
}

/** Links are followed when packing: one that leads nowhere, or round in circles, would fail the whole archive. */
async function removeBrokenLinks(dir: string): Promise<void> {
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isSymbolicLink() && (await leadsOutOrNowhere(path, dir))) await rm(path, { force: true });
    else if (entry.isDirectory()) await removeBrokenLinks(path);
  }
}

async function leadsOutOrNowhere(path: string, dir: string): Promise<boolean> {
  const target = await stat(path).catch(() => undefined);
  if (target === undefined) return true;
  // A link to a directory above it would pack that directory into itself.
  return (
    target.isDirectory() &&
    `${dir}/`.startsWith(`${join(dirname(path), await readlink(path))}/`) &&
    (await lstat(path)).isSymbolicLink()
  );
}
