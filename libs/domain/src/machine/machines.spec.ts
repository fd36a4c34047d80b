import { describe, expect, it } from '@jest/globals';
import { commandMachine } from '../command/command.machine.js';
import { inputDatasetMachine } from '../dataset/input-dataset.machine.js';
import { outputDatasetMachine } from '../dataset/output-dataset.machine.js';
import { eventMachine } from '../event/event.machine.js';
import { inputFileMachine } from '../file/input-file.machine.js';
import { outputFileMachine } from '../file/output-file.machine.js';
import { jobMachine } from '../job/job.machine.js';
import { taskMachine } from '../task/task.machine.js';
import { workerMachine } from '../worker/worker.machine.js';
import { memoriesOf, movesOf } from './derive.js';
import { eventsIn, IllegalTransition, type Machine, PREVIOUS, remembered, step } from './machine.js';

const machines: Machine<string, string>[] = [
  taskMachine,
  jobMachine,
  inputDatasetMachine,
  outputDatasetMachine,
  inputFileMachine,
  outputFileMachine,
  eventMachine,
  workerMachine,
  commandMachine,
];

function reachable(m: Machine<string, string>, from: readonly string[]): Set<string> {
  const seen = new Set(from);
  const moves = movesOf(m);
  for (let grown = true; grown; ) {
    const next = moves.filter((move) => seen.has(move.from) && !seen.has(move.to));
    for (const move of next) seen.add(move.to);
    grown = next.length > 0;
  }
  return seen;
}

describe.each(machines.map((m) => [m.name, m] as const))('the machine of %s', (_name, m) => {
  const events = [...new Set(m.rows.map((r) => r.event))];

  it('names each state once, and only known states in its rows', () => {
    expect(new Set(m.states).size).toBe(m.states.length);
    for (const r of m.rows) {
      expect(m.states).toEqual(expect.arrayContaining([...r.from, ...(r.to === PREVIOUS ? [] : [r.to])]));
      expect(r.from.length).toBeGreaterThan(0);
      expect(r.actors.length).toBeGreaterThan(0);
    }
  });

  it('answers every pair of state and event with one row or a refusal', () => {
    for (const from of m.states) {
      for (const event of events) {
        const rows = m.rows.filter((r) => r.event === event && r.from.includes(from));
        expect({ from, event, rows: Math.min(rows.length, 2) }).not.toEqual({ from, event, rows: 2 });
        if (rows.length === 1) expect(m.states).toContain(step(m, from, event, m.states[0]));
        else expect(() => step(m, from, event, m.states[0])).toThrow(IllegalTransition);
      }
    }
  });

  it('reaches every state from its initial ones', () => {
    expect([...reachable(m, m.initial)].sort()).toEqual([...m.states].sort());
  });

  it('lets every live state reach an end', () => {
    for (const s of m.states) {
      if (m.final.includes(s)) continue;
      const ends = [...reachable(m, [s])].filter((end) => m.final.includes(end));
      expect({ state: s, hasEnd: ends.length > 0 }).toEqual({ state: s, hasEnd: true });
    }
  });

  it('leaves a final state only by a recorded command', () => {
    for (const s of m.final) {
      expect(m.reopenedBy).toEqual(expect.arrayContaining(eventsIn(m, s)));
    }
  });

  it('always remembers something where a row returns, and forgets it on the way', () => {
    const memories = memoriesOf(m);
    for (const r of m.rows.filter((x) => x.to === PREVIOUS)) {
      for (const from of r.from) {
        const possible = [...(memories.get(from) ?? [])];
        expect({ from, event: r.event, possible }).toEqual({
          from,
          event: r.event,
          possible: r.onlyIfRemembered ? expect.arrayContaining([null]) : expect.not.arrayContaining([null]),
        });
        expect(possible.filter((s) => s !== null)).not.toEqual([]);
        expect(() => step(m, from, r.event)).toThrow(IllegalTransition);
        expect(remembered(m, from, r.event, m.states[0] ?? '')).toBeNull();
      }
    }
  });

  it('never remembers a resting state, so that a return leads to work', () => {
    const all = [...memoriesOf(m).values()].flatMap((set) => [...set]);
    expect(all.filter((s) => s !== null && m.resting.includes(s))).toEqual([]);
  });
});
