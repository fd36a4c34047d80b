import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { JobFailure } from '../errors/job-failure.js';
import type { JobDefinition } from './job-definition.js';

export const PILOT_LOG = 'pilotlog.txt';

/** Makes `PanDA_Pilot-<id>`, readable by its group only, with what the job brings along. Throws {@link JobFailure}. */
export function makeJobDirectory(workDir: string, job: JobDefinition): string {
  const dir = join(workDir, `PanDA_Pilot-${job.pandaId}`);
  if (existsSync(dir)) throw new JobFailure('JOBALREADYRUNNING', dir);
  try {
    mkdirSync(dir, { recursive: true });
    chmodSync(dir, 0o770);
    if (job.secrets !== undefined) writeFileSync(join(dir, 'panda_secrets.json'), job.secrets, { mode: 0o600 });
    for (const [name, lines] of job.inputLists) writeFileSync(join(dir, name), `${lines.join('\n')}\n`);
  } catch (cause) {
    throw new JobFailure('MKDIR', (cause as Error).message, { cause });
  }
  return dir;
}

/** Removes what a job left, wherever it was renamed to. */
export async function removeJobDirectories(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { recursive: true, force: true });
}

/** Names of core files in the job directory. */
export function isCoreFile(name: string): boolean {
  return /^core(\.\d+)?$/.test(name);
}
