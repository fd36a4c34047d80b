import { type Statement, statement } from '../kernel/statement.js';

export interface Invariant {
  /** As in the list of promises: J1 … M4. */
  readonly id: string;
  /** A: holds at every committed state. Q: holds when nothing is in flight. */
  readonly when: 'A' | 'Q';
  readonly title: string;
  /** Returns one row per violation. */
  readonly statement: Statement<{ moves: string[] }, Record<string, unknown>>;
}

/** Enough to find the cause; a broken invariant can be broken a million times. */
const ROWS_MAX = 100;

export function invariant(id: string, when: 'A' | 'Q', title: string, sql: string): Invariant {
  return {
    id,
    when,
    title,
    statement: statement(`invariant.${id}`, `SELECT * FROM (${sql.trim()}) violation LIMIT ${ROWS_MAX}`),
  };
}
