import { readdirSync, readFileSync } from 'node:fs';

/** One process as /proc shows it. Memory in kB, times in s, I/O in bytes. */
export interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Clock ticks since boot; with the pid it names a process for good. */
  readonly startTicks: number;
  readonly state: string;
  readonly cpuS: number;
  readonly vmemKb: number;
  readonly rssKb: number;
}

/** USER_HZ of Linux; sysconf(_SC_CLK_TCK) is 100 on every platform Node runs on. */
const TICKS_PER_S = 100;
/** Exact figures come from smaps_rollup; this is for kernels without it. */
const PAGE_KB = 4;

/** Processes of this machine that we may look at; empty where there is no /proc. */
export function allProcesses(): ProcessFacts[] {
  return pids().flatMap((pid) => processFacts(pid) ?? []);
}

export function processFacts(pid: number): ProcessFacts | undefined {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The program's name stands in brackets and may itself hold blanks and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const at = (index: number): number => Number(fields[index] ?? 0);
  return {
    pid,
    state: fields[0] ?? '',
    parent: at(1),
    group: at(2),
    cpuS: (at(11) + at(12) + at(13) + at(14)) / TICKS_PER_S,
    startTicks: at(19),
    vmemKb: at(20) / 1024,
    rssKb: at(21) * PAGE_KB,
  };
}

/** A zombie has ended; only nobody has asked for its exit code yet. */
export function isRunning(pid: number): boolean {
  const facts = processFacts(pid);
  return facts !== undefined && facts.state !== 'Z';
}

/** How soon the kernel ends this process when memory runs out; undefined where it does not say. */
export function oomScore(pid: number | undefined): number | undefined {
  const text = pid === undefined ? undefined : read(`/proc/${pid}/oom_score`);
  return text === undefined ? undefined : Number(text);
}

/** Processes whose environment holds `mark`, a text `NAME=value`: children that left their group or parent keep it. */
export function processesMarked(mark: string): ProcessFacts[] {
  return allProcesses().filter((facts) => facts.state !== 'Z' && hasMark(facts.pid, mark));
}

function hasMark(pid: number, mark: string): boolean {
  const environment = read(`/proc/${pid}/environ`);
  return environment !== undefined && `\0${environment}`.includes(`\0${mark}\0`);
}

/** Proportional memory, swap and I/O of one process: dearer to read than {@link processFacts}. */
export interface ProcessUsage {
  /** Undefined where the kernel does not tell. */
  readonly rssKb: number | undefined;
  readonly pssKb: number | undefined;
  readonly swapKb: number;
  readonly rchar: number;
  readonly wchar: number;
  readonly readBytes: number;
  readonly writeBytes: number;
}

export function processUsage(pid: number): ProcessUsage {
  const memory = read(`/proc/${pid}/smaps_rollup`);
  const io = read(`/proc/${pid}/io`) ?? '';
  return {
    rssKb: memory === undefined ? undefined : field(memory, 'Rss'),
    pssKb: memory === undefined ? undefined : field(memory, 'Pss'),
    swapKb: memory === undefined ? 0 : field(memory, 'Swap'),
    rchar: field(io, 'rchar'),
    wchar: field(io, 'wchar'),
    readBytes: field(io, 'read_bytes'),
    writeBytes: field(io, 'write_bytes'),
  };
}

function field(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(text)?.[1] ?? 0);
}

function pids(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    // No /proc: not Linux. Metrics stay empty there and kills reach the process group only.
    return [];
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // The process is gone or another user's.
    return undefined;
  }
}
