import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Clock } from '@panda/domain';
import { allProcesses, processesMarked, processFacts } from './proc.js';

/** Environment variable that marks every process of one job, also those that leave its process group. */
export const MARK_NAME = 'PANDA_PILOT_MARK';

export interface GroupSpec {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Unique text; goes into the environment as {@link MARK_NAME}. */
  readonly mark: string;
  readonly stdoutFile: string;
  readonly stderrFile: string;
  /** Append to the files instead of beginning them anew. */
  readonly append?: boolean;
}

export interface GroupEnd {
  /** Exit code as a shell gives it: 128 + n for signal n. */
  readonly exitCode: number;
  readonly signal: NodeJS.Signals | undefined;
}

const SIGNAL_NUMBERS: Partial<Record<NodeJS.Signals, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGTERM: 15,
  SIGXCPU: 24,
};

/** A program in a process group of its own, so that all it starts can be ended without touching anything else. */
export class ProcessGroup {
  readonly ended: Promise<GroupEnd>;

  private readonly leader: GroupLeader | undefined;

  private constructor(
    private readonly child: ChildProcess,
    private readonly mark: string,
  ) {
    this.leader = child.pid === undefined ? undefined : { pid: child.pid, startTicks: processFacts(child.pid)?.startTicks };
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(endOf(code, signal)));
    });
  }

  /** Starts it. A program that does not exist rejects {@link ended}. */
  static start(spec: GroupSpec): ProcessGroup {
    const flags = spec.append ? 'a' : 'w';
    const stdout = openSync(spec.stdoutFile, flags);
    const stderr = openSync(spec.stderrFile, flags);
    try {
      const child = spawn(spec.program, [...spec.args], {
        cwd: spec.cwd,
        env: { ...spec.env, [MARK_NAME]: spec.mark },
        detached: true,
        stdio: ['ignore', stdout, stderr],
      });
      return new ProcessGroup(child, spec.mark);
    } finally {
      closeSync(stdout);
      closeSync(stderr);
    }
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** SIGTERM to everything of the group, SIGKILL to what is left after `graceMs`. Returns when nothing is left. */
  async kill(clock: Clock, graceMs: number): Promise<void> {
    await endMarked(`${MARK_NAME}=${this.mark}`, this.leader, clock, graceMs);
    await this.ended.catch(() => undefined);
  }
}

/** The first process of a group; its start time tells it from a later process that got the same number. */
export interface GroupLeader {
  readonly pid: number;
  readonly startTicks: number | undefined;
}

/**
 * Ends the processes that carry a mark, and the group of `leader` when it is given: SIGTERM, then SIGKILL to what is left after
 * `graceMs`. Nothing else is signalled: a group whose number was given to somebody else meanwhile is left alone.
 */
export async function endMarked(mark: string, leader: GroupLeader | undefined, clock: Clock, graceMs: number): Promise<void> {
  signalAll(mark, leader, 'SIGTERM');
  const end = clock.elapsedMs() + graceMs;
  while (isAlive(mark, leader) && clock.elapsedMs() < end) await clock.sleep(Math.min(50, graceMs));
  while (isAlive(mark, leader)) {
    signalAll(mark, leader, 'SIGKILL');
    await clock.sleep(20);
  }
}

function signalAll(mark: string, leader: GroupLeader | undefined, signal: NodeJS.Signals): void {
  if (leader !== undefined && leader.pid > 1 && isOurs(leader)) send(-leader.pid, signal);
  for (const { pid } of processesMarked(mark)) send(pid, signal);
}

function isAlive(mark: string, leader: GroupLeader | undefined): boolean {
  const inGroup =
    leader !== undefined && isOurs(leader) && allProcesses().some(({ group, state }) => group === leader.pid && state !== 'Z');
  return inGroup || processesMarked(mark).length > 0;
}

/** A group outlives its leader, but its number is not given away while a member lives: only a different leader is a stranger. */
function isOurs({ pid, startTicks }: GroupLeader): boolean {
  const facts = processFacts(pid);
  return facts === undefined || startTicks === undefined || facts.startTicks === startTicks;
}

function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function endOf(code: number | null, signal: NodeJS.Signals | null): GroupEnd {
  if (signal === null) return { exitCode: code ?? 0, signal: undefined };
  return { exitCode: 128 + (SIGNAL_NUMBERS[signal] ?? 0), signal };
}
