import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isSameProcess, pidOf, processName } from '../../process/process-table.js';
import type { Worker } from '../../worker/worker.js';
import type {
  BatchContext,
  BatchSystem,
  Monitor,
  Observation,
  Submission,
  Submitter,
  Sweeper,
  WorkerTask,
} from '../batch-system.js';

const EXIT_CODE_FILE = 'exit_code';

/**
 * Keeps the exit code for a monitor that is no longer the worker's parent. The trap lets the shell outlive a SIGTERM to its group: it
 * waits for the worker, which tidies up, and then writes the code.
 */
const KEEP_EXIT_CODE = `trap : TERM INT; "$@"; code=$?; echo $code >${EXIT_CODE_FILE}.part; mv ${EXIT_CODE_FILE}.part ${EXIT_CODE_FILE}; exit $code`;

/** Workers as processes of this machine, each in a process group of its own that survives a restart of this instance. */
export const localProcess: BatchSystem = {
  name: 'local process',
  submitterNames: ['LocalProcessSubmitter'],
  monitorNames: ['LocalProcessMonitor'],
  sweeperNames: ['LocalProcessSweeper'],
  submitter: () => new LocalProcessSubmitter(),
  monitor: () => new LocalProcessMonitor(),
  sweeper: (context) => new LocalProcessSweeper(context),
};

class LocalProcessSubmitter implements Submitter {
  submit(workers: readonly { worker: Worker; task: WorkerTask }[]): Promise<Submission[]> {
    return Promise.all(workers.map(({ worker, task }) => start(worker, task).catch(refused)));
  }
}

async function start(worker: Worker, task: WorkerTask): Promise<Submission> {
  mkdirSync(worker.directory, { recursive: true });
  const stdout = openSync(join(worker.directory, 'stdout.txt'), 'a');
  const stderr = openSync(join(worker.directory, 'stderr.txt'), 'a');
  try {
    const args = ['-c', KEEP_EXIT_CODE, 'worker', task.program, ...task.args];
    const child = spawn('/bin/sh', args, {
      cwd: worker.directory,
      env: { ...task.env },
      detached: true,
      stdio: ['ignore', stdout, stderr],
    });
    await once(child, 'spawn');
    child.unref();
    const batchId = child.pid === undefined ? undefined : processName(child.pid);
    // A process that ended before we could look left its exit code; any name that no process has will do.
    return { ok: true, batchId: batchId ?? `${child.pid ?? 0}:0` };
  } finally {
    closeSync(stdout);
    closeSync(stderr);
  }
}

function refused(error: Error): Submission {
  return { ok: false, reason: error.message };
}

class LocalProcessMonitor implements Monitor {
  async check(workers: readonly Worker[]): Promise<Observation[]> {
    return workers.map(observe);
  }
}

function observe({ batchId, directory }: Worker): Observation {
  if (batchId !== undefined && isSameProcess(batchId)) return { kind: 'running' };
  const exitCode = exitCodeIn(directory);
  if (exitCode !== undefined) return { kind: 'ended', exitCode };
  return { kind: 'gone', reason: batchId === undefined ? 'it was never started' : 'its process ended without an exit code' };
}

function exitCodeIn(directory: string): number | undefined {
  try {
    return Number(readFileSync(join(directory, EXIT_CODE_FILE), 'utf8'));
  } catch {
    // It did not come to writing one.
    return undefined;
  }
}

class LocalProcessSweeper implements Sweeper {
  constructor(private readonly context: BatchContext) {}

  async kill({ batchId, killMs }: Worker): Promise<void> {
    if (batchId === undefined || !isSameProcess(batchId)) return;
    const overdue = killMs > 0 && this.context.clock.now().getTime() - killMs > this.context.killGraceMs;
    // The worker leads its group, so the group's number is its own as long as it lives.
    signalGroup(pidOf(batchId), overdue ? 'SIGKILL' : 'SIGTERM');
  }

  async sweep({ directory }: Worker): Promise<void> {
    await rm(directory, { recursive: true, force: true });
  }
}

function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    // It ended between the look and the signal: what was wanted.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
