import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Log } from '@panda/domain';
import { JobFailure } from '../errors/job-failure.js';
import type { JobEnd } from '../job/job-end.js';
import { oomScore } from '../process/proc.js';
import { ProcessGroup } from '../process/process-group.js';

export const PAYLOAD_STDOUT = 'payload.stdout';
export const PAYLOAD_STDERR = 'payload.stderr';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
}

export interface PayloadSettings {
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly mark: string;
  readonly killGraceMs: number;
}

export interface PayloadEnd {
  readonly exitCode: number;
  /** Exact, from the shell that waited for the payload; undefined when it was killed too. */
  readonly cpuS: number | undefined;
}

const TIMES_FILE = '.payload.times';
/** A shell between us and the payload: POSIX `times` is the only portable way to the CPU time of ended children. */
const WITH_TIMES = `"$@"; code=$?; times >${TIMES_FILE}; exit $code`;

/**
 * Runs one command in the job directory until it ends or the job is ended from outside; then its whole process group, and whatever left
 * it, is gone when this returns. Output goes to `<name>.stdout` and `.stderr`-like files given. Throws {@link JobFailure}.
 */
export async function runCommand(
  command: Command,
  files: { stdout: string; stderr: string },
  settings: PayloadSettings,
  end: JobEnd,
  tools: { clock: Clock; log: Log; started?: (group: ProcessGroup) => void },
): Promise<PayloadEnd> {
  end.check();
  const { dir, env, mark, killGraceMs } = settings;
  const spec = { program: '/bin/sh', args: ['-c', WITH_TIMES, 'sh', command.program, ...command.args], cwd: dir, env, mark };
  const group = ProcessGroup.start({ ...spec, stdoutFile: join(dir, files.stdout), stderrFile: join(dir, files.stderr) });
  tools.log.info('a command was started', { program: command.program, pid: group.pid, oomScore: oomScore(group.pid) });
  tools.started?.(group);
  const kill = () => {
    void group.kill(tools.clock, killGraceMs);
  };
  end.signal.addEventListener('abort', kill, { once: true });
  try {
    const { exitCode } = await group.ended;
    return { exitCode, cpuS: readTimes(join(dir, TIMES_FILE)) };
  } catch (cause) {
    throw new JobFailure('PAYLOADEXECUTIONEXCEPTION', (cause as Error).message, { cause });
  } finally {
    end.signal.removeEventListener('abort', kill);
    // Background processes of a payload die with it: they would write into a directory that is packed and removed.
    await group.kill(tools.clock, killGraceMs);
  }
}

/** Second line of `times`: user and system time of ended children, `1m2.34s 0m0.50s`. */
export function readTimes(path: string): number | undefined {
  try {
    const [, children = ''] = readFileSync(path, 'utf8').split('\n');
    const parts = [...children.matchAll(/(\d+)m([\d.]+)s/g)];
    return parts.length === 2
      ? parts.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0)
      : undefined;
  } catch {
    // The shell was killed before it could write.
    return undefined;
  }
}

/** The last `length` bytes of a file as text; '' when there is none. */
export function tailOf(path: string, length: number): string {
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const start = Math.max(0, size - length);
      const buffer = Buffer.alloc(size - start);
      const read = readSync(file, buffer, 0, buffer.length, start);
      return buffer.subarray(0, read).toString('utf8');
    } finally {
      closeSync(file);
    }
  } catch {
    // No such file (yet): nothing was said.
    return '';
  }
}
