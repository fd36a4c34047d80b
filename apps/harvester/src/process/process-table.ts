import { readFileSync } from 'node:fs';

/** When a process started, in clock ticks since boot; with its id that names it for good. Undefined: there is no such process. */
export function processStart(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // Behind the program's name in brackets: state is field 3 of proc(5), start time field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : Number(fields[19]);
  } catch {
    return withoutProc(pid);
  }
}

/** `pid:start` of a process that lives; undefined when it is gone. */
export function processName(pid: number): string | undefined {
  const start = processStart(pid);
  return start === undefined ? undefined : `${pid}:${start}`;
}

/** True while the process that got this name lives, not a later one with its number. */
export function isSameProcess(name: string): boolean {
  const pid = pidOf(name);
  return pid > 0 && processName(pid) === name;
}

export function pidOf(name: string): number {
  return Number(/^(\d+):\d+$/.exec(name)?.[1] ?? 0);
}

/** Systems without /proc tell only whether a process is there. */
function withoutProc(pid: number): number | undefined {
  if (process.platform === 'linux') return undefined;
  try {
    process.kill(pid, 0);
    return 0;
  } catch {
    // ESRCH: gone.
    return undefined;
  }
}
