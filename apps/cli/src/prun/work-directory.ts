import { realpathSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { PrunError } from './prun-error.js';

export interface WorkDirectory {
  /** Top of what is sent. */
  readonly top: string;
  /** Where below the top the command runs; `.` for the top itself. */
  readonly runDir: string;
}

/** Directory that is sent, which must hold the current one. */
export function workDirectory(workDir: string, cwd: string): WorkDirectory {
  const here = realpathSync(cwd);
  const top = real(resolve(cwd, workDir));
  if (here !== top && !here.startsWith(top === '/' ? top : `${top}/`)) {
    throw new PrunError('config', `you need to run prun in a directory under ${top}`);
  }
  return { top, runDir: relative(top, here) || '.' };
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch (cause) {
    throw new PrunError('config', `--workDir ${path}: ${(cause as NodeJS.ErrnoException).code}`, cause);
  }
}
