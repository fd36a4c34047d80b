import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { processFacts } from '../process/proc.js';
import type { JobState, Owner } from './job-state.js';

/** A claim that was not followed by a save belongs to a pilot that died in between. */
const CLAIM_MS = 60_000;

/**
 * States of jobs on disk, one file each, written whole or not at all. Several pilots may share the directory: a file belongs to the
 * process named in it, and when that is gone, to the one pilot that manages to rename it.
 */
export class Spool {
  constructor(private readonly dir: string) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  }

  /** Durable when it returns. */
  save(state: JobState): void {
    const path = this.path(state);
    const partial = `${path}.${process.pid}.part`;
    const file = openSync(partial, 'w', 0o600);
    try {
      writeSync(file, JSON.stringify(state));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(partial, path);
  }

  remove(state: Pick<JobState, 'pandaId' | 'attemptNr'>): void {
    rmSync(this.path(state), { force: true });
  }

  /** Is this job in the hands of a living pilot? */
  heldByOther(job: Pick<JobState, 'pandaId' | 'attemptNr'>): boolean {
    const state = read(this.path(job));
    return state !== undefined && !isMe(state.owner) && isAlive(state.owner);
  }

  /** Takes over the jobs of pilots that are gone. Each is returned to one caller only, which then owns it. */
  adopt(): JobState[] {
    const adopted: JobState[] = [];
    for (const name of readdirSync(this.dir)) {
      const path = join(this.dir, name);
      const state = isCandidate(name, path) ? read(path) : undefined;
      if (state === undefined || isMe(state.owner) || isAlive(state.owner)) continue;
      const mine = this.claim(path, state);
      if (mine !== undefined) adopted.push(mine);
    }
    return adopted;
  }

  private claim(path: string, state: JobState): JobState | undefined {
    const claim = `${this.path(state)}.claim-${randomUUID()}`;
    try {
      renameSync(path, claim);
    } catch {
      // Another pilot was faster.
      return undefined;
    }
    const mine: JobState = { ...state, owner: me() };
    this.save(mine);
    rmSync(claim, { force: true });
    return mine;
  }

  private path({ pandaId, attemptNr }: Pick<JobState, 'pandaId' | 'attemptNr'>): string {
    return join(this.dir, `${pandaId}.${attemptNr}.json`);
  }
}

export function me(): Owner {
  return { pid: process.pid, startTicks: processFacts(process.pid)?.startTicks ?? 0 };
}

function isMe(owner: Owner): boolean {
  const own = me();
  return owner.pid === own.pid && owner.startTicks === own.startTicks;
}

function isAlive({ pid, startTicks }: Owner): boolean {
  const facts = processFacts(pid);
  if (facts !== undefined) return facts.state !== 'Z' && facts.startTicks === startTicks;
  return process.platform !== 'linux' && exists(pid);
}

/** Systems without /proc tell only whether a process is there; a wrong yes delays a report, a wrong no would report a living job as lost. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // ESRCH: gone.
    return false;
  }
}

function isCandidate(name: string, path: string): boolean {
  if (name.endsWith('.json')) return true;
  if (!name.includes('.claim-')) return false;
  const claimed = statSync(path, { throwIfNoEntry: false });
  return claimed !== undefined && Date.now() - claimed.ctimeMs > CLAIM_MS;
}

function read(path: string): JobState | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as JobState;
  } catch {
    // Gone, or never whole: nothing that could be reported.
    return undefined;
  }
}
