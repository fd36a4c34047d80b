import { type Machine, PREVIOUS } from './machine.js';

/** One step an object's history may contain; `to` of a returning row is every state that can have been remembered. */
export interface Move<S extends string, E extends string> {
  readonly from: S;
  readonly event: E;
  readonly to: S;
}

/** States that a `PREVIOUS` row can return to: whatever any remembering row can have stored. */
export function rememberable<S extends string, E extends string>(m: Machine<S, E>): S[] {
  const stored = m.rows.flatMap((r) => {
    if (r.remembers === undefined) return [];
    return r.remembers === true ? r.from.filter((s) => !m.resting.includes(s)) : [r.remembers];
  });
  return m.states.filter((s) => stored.includes(s));
}

/** Every legal step, with returning rows expanded. */
export function movesOf<S extends string, E extends string>(m: Machine<S, E>): Move<S, E>[] {
  const back = rememberable(m);
  return m.rows.flatMap((r) => {
    const targets: readonly S[] = r.to === PREVIOUS ? back : [r.to];
    return r.from.flatMap((from) => targets.map((to) => ({ from, event: r.event, to })));
  });
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
