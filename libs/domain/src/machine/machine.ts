/**
 * States as data. A machine is one table of rows; types, guards, CHECK constraints, diagrams and docs are derived from it.
 * `step` never coerces: an illegal move throws. Spec: Basic Concepts.
 */
export const PREVIOUS = 'previous' as const;

export interface MachineRow<S extends string, E extends string> {
  readonly from: readonly S[];
  readonly event: E;
  /** `PREVIOUS` returns to the state remembered when the row was entered (task `oldstatus`). */
  readonly to: S | typeof PREVIOUS;
  readonly actor: string;
  readonly note?: string;
}

export interface Machine<S extends string, E extends string> {
  readonly name: string;
  readonly states: readonly S[];
  readonly final: readonly S[];
  readonly rows: readonly MachineRow<S, E>[];
}

export type StatesOf<M> = M extends Machine<infer S, string> ? S : never;
export type EventsOf<M> = M extends Machine<string, infer E> ? E : never;

export class IllegalTransition extends Error {
  constructor(
    readonly machine: string,
    readonly from: string,
    readonly event: string,
  ) {
    super(`${machine}: '${event}' is not possible in state '${from}'`);
    this.name = 'IllegalTransition';
  }
}

export function machine<const S extends string, const E extends string>(def: {
  name: string;
  states: readonly S[];
  final: readonly NoInfer<S>[];
  rows: readonly MachineRow<NoInfer<S>, E>[];
}): Machine<S, E> {
  return def;
}

export function row<const S extends string, const E extends string>(
  from: readonly S[],
  event: E,
  to: S | typeof PREVIOUS,
  actor: string,
  note?: string,
): MachineRow<S, E> {
  return { from, event, to, actor, ...(note === undefined ? {} : { note }) };
}

/** The state after `event` in `from`; `previous` is needed for rows that return to where they came from. */
export function step<S extends string, E extends string>(m: Machine<S, E>, from: S, event: E, previous?: S): S {
  const found = m.rows.find((r) => r.event === event && r.from.includes(from));
  if (!found) throw new IllegalTransition(m.name, from, event);
  if (found.to !== PREVIOUS) return found.to;
  if (previous === undefined) throw new IllegalTransition(m.name, from, event);
  return previous;
}

/** All states in which `event` is possible; the guard of the one writer's UPDATE. */
export function sourcesOf<S extends string, E extends string>(m: Machine<S, E>, event: E): S[] {
  return [...new Set(m.rows.filter((r) => r.event === event).flatMap((r) => r.from))];
}

/** The rows of one event: more than one when the target depends on the source state. */
export function rowsOf<S extends string, E extends string>(m: Machine<S, E>, event: E): MachineRow<S, E>[] {
  return m.rows.filter((r) => r.event === event);
}

export function isFinal<S extends string, E extends string>(m: Machine<S, E>, state: S): boolean {
  return m.final.includes(state);
}
