import { readdir, readFile, readlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { BoxState } from './state.js';

/** Another box runs on this folder: two would share one database and hand out the same ports. */
export class BoxIsRunning extends Error {
  constructor(readonly pid: number) {
    super(`a box already runs on this folder (process ${pid}): stop it, or choose another folder with --dir`);
    this.name = 'BoxIsRunning';
  }
}

const GONE_LOOK_MS = 20;
/** A killed process that is not gone by then hangs in the kernel; its port is then said to be taken. */
const GONE_LIMIT_MS = 10_000;

/** Ends the processes that outlived a killed launcher. Only a process that still runs the recorded entry point is touched. */
export async function endLeftovers(state: BoxState | undefined, launcherEntry: string): Promise<number> {
  if (!state) return 0;
  if (state.launcherPid !== process.pid && (await runs(state.launcherPid, launcherEntry)))
    throw new BoxIsRunning(state.launcherPid);
  let ended = 0;
  for (const [pid, entry] of Object.entries(state.processes)) {
    if (!(await runs(Number(pid), entry))) continue;
    process.kill(Number(pid), 'SIGKILL');
    const limit = performance.now() + GONE_LIMIT_MS;
    while (!(await isGone(Number(pid))) && performance.now() < limit) await setTimeout(GONE_LOOK_MS);
    ended += 1;
  }
  return ended;
}

/** True when `pid` is alive and its command line names `entry`, in full or from its own folder. Without /proc (macOS) a live pid is taken for a stranger. */
async function runs(pid: number, entry: string): Promise<boolean> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => '/');
  return commandLine.split('\0').some((word) => word !== '' && resolve(folder, word) === entry);
}

/**
 * True when nothing of a killed process is left that could hold a port. The command line is no proof: the kernel takes the memory away
 * before it closes the sockets. A dead process that its parent has not asked for stays as a zombie with one thread, and holds nothing.
 */
async function isGone(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return true;
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) === 'Z' && threads.length <= 1;
}
