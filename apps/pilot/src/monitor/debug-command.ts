import { readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Clock } from '@panda/domain';
import { tailOf } from '../payload/payload.js';
import { ProcessGroup } from '../process/process-group.js';
import { surveyDirectory } from './directory.js';
import { isOwn } from './job-monitor.js';

/** Longest `stdout` the server keeps. */
const STDOUT_MAX = 2_048;
const TIME_LIMIT_MS = 60_000;

export interface DebugPlace {
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly payloadPid: number | undefined;
}

/** What a job in plain debug mode shows: the name and end of the text file that changed last. */
export function newestOutput(dir: string): string {
  const path = surveyDirectory(dir, isOwn).newestText;
  if (path === undefined) return '';
  const head = `${basename(path)}:\n`;
  return `${head}${tailOf(path, STDOUT_MAX - head.length)}`;
}

/**
 * Runs a debug command in the job directory and returns the end of what it printed. Words were checked by the backchannel; file names
 * must stay inside the job directory. `%` stands for the payload's process id.
 */
export async function runDebugCommand(words: readonly string[], place: DebugPlace, clock: Clock): Promise<string> {
  const [program = '', ...args] = words.map((word) => (word === '%' ? String(place.payloadPid ?? '') : word));
  const outside = args.find((arg) => arg.startsWith('/') || arg.split('/').includes('..'));
  if (outside !== undefined) return `${outside} is outside the job directory`;
  const output = join(place.dir, '.debug.output');
  const mark = `debug-${process.pid}`;
  const given = program === 'tail' && !args.some((arg) => !arg.startsWith('-')) ? [...args, newestFile(place.dir)] : args;
  const group = ProcessGroup.start({
    program,
    args: given,
    cwd: place.dir,
    env: place.env,
    mark,
    stdoutFile: output,
    stderrFile: output,
    append: true,
  });
  const limit = new AbortController();
  const late = clock.sleep(TIME_LIMIT_MS, limit.signal).then(() => 'late' as const);
  const ended = await Promise.race([group.ended, late]).catch((error: Error) => error);
  limit.abort();
  if (ended === 'late') await group.kill(clock, 1_000);
  const text = ended instanceof Error ? ended.message : readFileSync(output, 'utf8');
  rmSync(output, { force: true });
  return text.slice(-STDOUT_MAX);
}

function newestFile(dir: string): string {
  return surveyDirectory(dir, isOwn).newestText ?? 'payload.stdout';
}
