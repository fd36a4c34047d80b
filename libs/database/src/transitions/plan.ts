import { type Actor, IllegalTransition, type Machine, mayFire, PREVIOUS, rowsOf } from '@panda/domain';

/**
 * One event of a machine as parallel arrays for SQL: from each source to its target. A `null` target returns to the
 * remembered state; `memory` says what the row remembers afterwards.
 */
export interface MovePlan {
  readonly sources: string[];
  readonly targets: (string | null)[];
  readonly final: boolean[];
  /** keep · forget · source (the state left) · resting (what is remembered, else the state left) · named */
  readonly memory: string[];
  readonly memoryName: (string | null)[];
}

/** Throws {@link IllegalTransition} when the actor may not fire the event in any state. */
export function planMove<S extends string, E extends string>(m: Machine<S, E>, event: E, actor: Actor): MovePlan {
  if (!mayFire(m, event, actor)) throw new IllegalTransition(m.name, `any (fired by ${actor})`, event);
  const plan: MovePlan = { sources: [], targets: [], final: [], memory: [], memoryName: [] };
  for (const row of rowsOf(m, event, actor)) {
    for (const from of row.from) {
      if (plan.sources.includes(from)) continue; // the first row that fits decides, as in step()
      plan.sources.push(from);
      plan.targets.push(row.to === PREVIOUS ? null : row.to);
      plan.final.push(row.to !== PREVIOUS && m.final.includes(row.to));
      const named = row.remembers !== undefined && row.remembers !== true ? row.remembers : null;
      plan.memory.push(memoryMode(m, row.to === PREVIOUS, row.remembers, from));
      plan.memoryName.push(named);
    }
  }
  return plan;
}

function memoryMode<S extends string, E extends string>(
  m: Machine<S, E>,
  returns: boolean,
  remembers: true | S | undefined,
  from: S,
): string {
  if (returns) return 'forget';
  if (remembers === undefined) return 'keep';
  if (remembers !== true) return 'named';
  return m.resting.includes(from) ? 'resting' : 'source';
}

/** One object that moved. */
export interface Moved {
  readonly id: number;
  readonly from: string;
  readonly to: string;
}

export interface Moves {
  readonly moved: readonly Moved[];
  /** Asked for, but in another state (or under another claim) by now: somebody else was first. Not an error. */
  readonly losers: readonly number[];
}

export function outcomeOf(asked: readonly number[], moved: readonly Moved[]): Moves {
  const done = new Set(moved.map((m) => m.id));
  return { moved, losers: [...new Set(asked)].filter((id) => !done.has(id)) };
}
