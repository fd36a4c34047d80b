import { describe, expect, it } from '@jest/globals';
import { checkClause, markdown, mayFollow, mermaid, movesOf } from './derive.js';
import {
  allBut,
  eventsIn,
  isStateOf,
  machine,
  mayFire,
  namesOf,
  PREVIOUS,
  remembered,
  row,
  rowsOf,
  sourcesOf,
  step,
} from './machine.js';

const door = machine({
  name: 'door',
  states: ['open', 'shut', 'stuck', 'gone'],
  initial: ['open'],
  final: ['gone'],
  resting: ['stuck'],
  rows: [
    row(['open'], 'close', 'shut', 'gateway'),
    row(['shut'], 'open', 'open', ['gateway', 'daemon']),
    row(['open', 'shut'], 'jam', 'stuck', 'daemon', { remembers: true, note: 'rust' }),
    row(['stuck'], 'jam', 'stuck', 'daemon', { remembers: true }),
    row(['stuck'], 'oil', PREVIOUS, 'daemon'),
    row(['open', 'stuck'], 'remove', 'gone', 'gateway', { remembers: 'shut' }),
  ],
});

describe('what is derived from a machine', () => {
  it('expands a returning row to every state that can have been remembered', () => {
    expect(movesOf(door).filter((m) => m.event === 'oil')).toEqual([
      { from: 'stuck', event: 'oil', to: 'open' },
      { from: 'stuck', event: 'oil', to: 'shut' },
    ]);
  });

  it('tells which state may follow which', () => {
    expect(mayFollow(door, 'stuck', 'shut')).toBe(true);
    expect(mayFollow(door, 'shut', 'gone')).toBe(false);
    expect(mayFollow(door, 'gone', 'gone')).toBe(true);
  });

  it('writes the CHECK constraint', () => {
    expect(checkClause(door, 'status')).toBe("status in ('open', 'shut', 'stuck', 'gone')");
  });

  it('draws one edge per source state', () => {
    const drawn = mermaid(door);
    expect(drawn).toContain('  [*] --> open\n');
    expect(drawn).toContain('  shut --> stuck: jam\n');
    expect(drawn).toContain('  stuck --> door_remembered: oil\n');
    expect(drawn).toContain('  gone --> [*]\n');
  });

  it('tabulates rows with actors and notes', () => {
    expect(markdown(door)).toContain('| open, shut | jam | stuck | daemon | the state left | rust |');
    expect(markdown(door)).toContain('| stuck | oil | the remembered state | daemon |  |  |');
  });
});

describe('a machine', () => {
  it('steps, returns and forgets', () => {
    expect(step(door, 'open', 'close')).toBe('shut');
    expect(step(door, 'stuck', 'oil', 'shut')).toBe('shut');
    expect(remembered(door, 'shut', 'jam', null)).toBe('shut');
    expect(remembered(door, 'stuck', 'jam', 'open')).toBe('open');
    expect(remembered(door, 'stuck', 'jam', null)).toBe('stuck');
    expect(remembered(door, 'stuck', 'oil', 'open')).toBeNull();
    expect(remembered(door, 'open', 'remove', null)).toBe('shut');
    expect(remembered(door, 'shut', 'open', 'open')).toBe('open');
    expect(() => remembered(door, 'gone', 'open', null)).toThrow("door: 'open' is not possible in state 'gone'");
  });

  it('knows who may fire what, where', () => {
    expect(mayFire(door, 'open', 'daemon')).toBe(true);
    expect(mayFire(door, 'close', 'daemon')).toBe(false);
    expect(sourcesOf(door, 'jam')).toEqual(['open', 'shut', 'stuck']);
    expect(rowsOf(door, 'jam').length).toBe(2);
    expect(rowsOf(door, 'jam', 'gateway')).toEqual([]);
    expect(eventsIn(door, 'stuck')).toEqual(['jam', 'oil', 'remove']);
  });

  it('names its states and recognises them', () => {
    expect(namesOf(door).shut).toBe('shut');
    expect(isStateOf(door, 'shut')).toBe(true);
    expect(isStateOf(door, 'ajar')).toBe(false);
    expect(allBut(door.states, ['gone'])).toEqual(['open', 'shut', 'stuck']);
  });
});
