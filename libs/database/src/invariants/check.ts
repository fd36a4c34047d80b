import { jobMachine, movesOf } from '@panda/domain';
import type { Session } from '../kernel/database.js';
import { fileInvariants } from './files.js';
import type { Invariant } from './invariant.js';
import { jobInvariants } from './jobs.js';
import { taskInvariants } from './tasks.js';

export interface Violation {
  readonly id: string;
  readonly title: string;
  readonly rows: readonly Record<string, unknown>[];
}

/** All bookkeeping invariants, in the order of their ids. */
export const invariants: readonly Invariant[] = [...jobInvariants, ...fileInvariants, ...taskInvariants];

/** Steps a job's log may show. */
const jobMoves = movesOf(jobMachine).map(({ from, to }) => `${from}>${to}`);

/**
 * Runs the invariants and returns those that are broken, with the rows that break them. While work is in flight only those
 * that hold at every committed state are run; `quiescent` runs all.
 */
export async function checkInvariants(session: Session, options: { quiescent: boolean }): Promise<Violation[]> {
  const broken: Violation[] = [];
  for (const { id, when, title, statement } of invariants) {
    if (when === 'Q' && !options.quiescent) continue;
    const rows = await session.run(statement, { moves: jobMoves });
    if (rows.length > 0) broken.push({ id, title, rows });
  }
  return broken;
}
