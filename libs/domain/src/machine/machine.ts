import type { Actor } from './actors.js';

/**
 * States as data. A machine is one table of rows; types, guards, CHECK constraints, diagrams and docs are derived from it.
 * `step` never coerces: an illegal move throws. Spec: Basic Concepts.
 */
export const PREVIOUS = 'previous' as const;

export interface MachineRow<S extends string, E extends string> {
  readonly from: readonly S[];
  readonly event: E;
  /** `PREVIOUS` returns to the state remembered when the row was entered (task `oldstatus`), and forgets it. */
  readonly to: S | typeof PREVIOUS;
  /** Services that may fire the event in these states. */
  readonly actors: readonly Actor[];
  /**
   * What to remember for a later `PREVIOUS` row: `true` the state that is left (one of `resting` keeps what it already remembers),
   * or a state by name. Absent: the memory is left as it is.
   */
  readonly remembers?: true | S;
  /** Of a `PREVIOUS` row: its source can be entered without a memory, and then the event is refused. */
  readonly onlyIfRemembered?: true;
  readonly note?: string;
}

export interface Machine<S extends string, E extends string> {
  readonly name: string;
  readonly states: readonly S[];
  /** States in which an object may be created. */
  readonly initial: readonly S[];
  readonly final: readonly S[];
  /** States that hold the memory of another one: leaving them by a remembering row keeps that memory (pending, paused, …). */
  readonly resting: readonly S[];
  /** The only events that lead out of a final state; each belongs to a recorded command. */
  readonly reopenedBy: readonly E[];
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
  initial: readonly NoInfer<S>[];
  final: readonly NoInfer<S>[];
  resting?: readonly NoInfer<S>[];
  reopenedBy?: readonly NoInfer<E>[];
  rows: readonly MachineRow<NoInfer<S>, E>[];
}): Machine<S, E> {
  return { resting: [], reopenedBy: [], ...def };
}

/** One line of a machine's table. `by` is the service, or the services, that may fire the event. */
export function row<const S extends string, const E extends string>(
  from: readonly S[],
  event: E,
  to: S | typeof PREVIOUS,
  by: Actor | readonly Actor[],
  extra: Pick<MachineRow<S, E>, 'remembers' | 'onlyIfRemembered' | 'note'> = {},
): MachineRow<S, E> {
  return { from, event, to, actors: typeof by === 'string' ? [by] : by, ...extra };
}

/** The state after `event` in `from`; `previous` is needed for rows that return to where they came from. */
export function step<S extends string, E extends string>(m: Machine<S, E>, from: S, event: E, previous?: S | null): S {
  const found = m.rows.find((r) => r.event === event && r.from.includes(from));
  if (!found) throw new IllegalTransition(m.name, from, event);
  if (found.to !== PREVIOUS) return found.to;
  if (previous === undefined || previous === null) throw new IllegalTransition(m.name, from, event);
  return previous;
}

/** What an object remembers after `event` in `from`, given what it remembered before (`oldstatus`). */
export function remembered<S extends string, E extends string>(
  m: Machine<S, E>,
  from: S,
  event: E,
  previous: S | null,
): S | null {
  const found = m.rows.find((r) => r.event === event && r.from.includes(from));
  if (!found) throw new IllegalTransition(m.name, from, event);
  if (found.to === PREVIOUS) return null;
  if (found.remembers === undefined) return previous;
  if (found.remembers !== true) return found.remembers;
  return m.resting.includes(from) && previous !== null ? previous : from;
}

/** All states in which `event` is possible; the guard of the one writer's UPDATE. */
export function sourcesOf<S extends string, E extends string>(m: Machine<S, E>, event: E): S[] {
  return [...new Set(m.rows.filter((r) => r.event === event).flatMap((r) => r.from))];
}

/** The rows of one event: more than one when the target depends on the source state. With `actor`, only those it may fire. */
export function rowsOf<S extends string, E extends string>(m: Machine<S, E>, event: E, actor?: Actor): MachineRow<S, E>[] {
  return m.rows.filter((r) => r.event === event && (actor === undefined || r.actors.includes(actor)));
}

/** May this service fire this event in any state at all? The one writer refuses others. */
export function mayFire<S extends string, E extends string>(m: Machine<S, E>, event: E, actor: Actor): boolean {
  return rowsOf(m, event, actor).length > 0;
}

/** Events that are possible in `state`: what may happen next, for monitor and refusals. */
export function eventsIn<S extends string, E extends string>(m: Machine<S, E>, state: S): E[] {
  return [...new Set(m.rows.filter((r) => r.from.includes(state)).map((r) => r.event))];
}

export function isFinal<S extends string, E extends string>(m: Machine<S, E>, state: S): boolean {
  return m.final.includes(state);
}

/** Narrows text of the database or the wire to a state of the machine. */
export function isStateOf<S extends string, E extends string>(m: Machine<S, E>, text: string): text is S {
  return (m.states as readonly string[]).includes(text);
}

/** `{ running: 'running', … }`: how everybody else names a state without writing it. */
export function namesOf<S extends string, E extends string>(m: Machine<S, E>): { readonly [K in S]: K } {
  return Object.freeze(Object.fromEntries(m.states.map((s) => [s, s]))) as { readonly [K in S]: K };
}

/** All states but the given ones, in the machine's order. */
export function allBut<const S extends string, const X extends S>(states: readonly S[], excluded: readonly X[]): Exclude<S, X>[] {
  return states.filter((s): s is Exclude<S, X> => !(excluded as readonly S[]).includes(s));
}
