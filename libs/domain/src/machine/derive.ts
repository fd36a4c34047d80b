import { type Machine, PREVIOUS, remembered } from './machine.js';

/** One step an object's history may contain; `to` of a returning row is every state that can have been remembered. */
export interface Move<S extends string, E extends string> {
  readonly from: S;
  readonly event: E;
  readonly to: S;
}

/** What an object in each state can remember; `null` when it can have no memory there. */
export type Memories<S extends string> = ReadonlyMap<S, ReadonlySet<S | null>>;

/** Follows every row until nothing new can be remembered anywhere. */
export function memoriesOf<S extends string, E extends string>(m: Machine<S, E>): Memories<S> {
  const memories = new Map<S, Set<S | null>>(m.initial.map((s) => [s, new Set<S | null>([null])]));
  const add = (state: S, values: Iterable<S | null>): boolean => {
    const known = memories.get(state) ?? new Set<S | null>();
    const before = known.size;
    for (const value of values) known.add(value);
    memories.set(state, known);
    return known.size > before;
  };
  for (let grown = true; grown; ) {
    grown = false;
    for (const r of m.rows) {
      for (const from of r.from) {
        const before = [...(memories.get(from) ?? [])];
        const targets = r.to === PREVIOUS ? before.filter((s): s is S => s !== null) : [r.to];
        const after = before.map((previous) => remembered(m, from, r.event, previous));
        for (const to of targets) grown = add(to, after) || grown;
      }
    }
  }
  return memories;
}

/** Every legal step, with returning rows expanded to what can be remembered in their source state. */
export function movesOf<S extends string, E extends string>(m: Machine<S, E>): Move<S, E>[] {
  const memories = memoriesOf(m);
  return m.rows.flatMap((r) =>
    r.from.flatMap((from) => {
      const targets = r.to === PREVIOUS ? [...(memories.get(from) ?? [])].filter((s): s is S => s !== null) : [r.to];
      return targets.map((to) => ({ from, event: r.event, to }));
    }),
  );
}

/** May `to` follow `from` in a history? Reliability check of status logs (consecutive pairs are in the table). */
export function mayFollow<S extends string, E extends string>(m: Machine<S, E>, from: S, to: S): boolean {
  return from === to || movesOf(m).some((move) => move.from === from && move.to === to);
}

/** Body of the database's CHECK constraint: `status in ('a', 'b')`. State names are plain words, so no quoting can break. */
export function checkClause<S extends string, E extends string>(m: Machine<S, E>, column: string): string {
  return `${column} in (${m.states.map((s) => `'${s}'`).join(', ')})`;
}

/** Mermaid state diagram for docs/reference/states. Returning rows are drawn to a marker, not to every possible state. */
export function mermaid<S extends string, E extends string>(m: Machine<S, E>): string {
  const lines = ['stateDiagram-v2'];
  for (const s of m.initial) lines.push(`  [*] --> ${s}`);
  for (const r of m.rows) {
    for (const from of r.from) lines.push(`  ${from} --> ${r.to === PREVIOUS ? `${m.name}_remembered` : r.to}: ${r.event}`);
  }
  for (const s of m.final) lines.push(`  ${s} --> [*]`);
  return `${lines.join('\n')}\n`;
}

/** Markdown table of the rows for docs/reference/states. */
export function markdown<S extends string, E extends string>(m: Machine<S, E>): string {
  const head = ['| from | event | to | by | remembers | note |', '|---|---|---|---|---|---|'];
  const body = m.rows.map((r) => {
    const to = r.to === PREVIOUS ? 'the remembered state' : r.to;
    const remembers = r.remembers === undefined ? '' : r.remembers === true ? 'the state left' : r.remembers;
    return `| ${[r.from.join(', '), r.event, to, r.actors.join(', '), remembers, r.note ?? ''].join(' | ')} |`;
  });
  return `${[...head, ...body].join('\n')}\n`;
}
