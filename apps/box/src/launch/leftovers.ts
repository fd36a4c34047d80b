import { readFile, readlink } from 'node:fs/promises';
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

/** Ends the processes that outlived a killed launcher. Only a process that still runs the recorded entry point is touched. */
export async function endLeftovers(state: BoxState | undefined, launcherEntry: string): Promise<number> {
  if (!state) return 0;
  if (state.launcherPid !== process.pid && (await runs(state.launcherPid, launcherEntry)))
    throw new BoxIsRunning(state.launcherPid);
  let ended = 0;
  for (const [pid, entry] of Object.entries(state.processes)) {
    if (!(await runs(Number(pid), entry))) continue;
    process.kill(Number(pid), 'SIGKILL');
    while (await runs(Number(pid), entry)) await setTimeout(GONE_LOOK_MS); // its ports are free only then
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
