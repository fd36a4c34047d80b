import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cell, facts, printable, table } from './table.js';

describe('a table', () => {
  it('is aligned, numbers to the right, without blanks at the end of a line', () => {
    const columns = [
      { head: 'ID', value: ({ id }: { id: number; name: string }) => id, right: true },
      { head: 'NAME', value: ({ name }: { id: number; name: string }) => name },
    ];
    const rows = [
      { id: 7, name: 'a' },
      { id: 12345, name: 'wörld' },
    ];
    expect(table(columns, rows)).toBe('   ID  NAME\n    7  a\n12345  wörld');
  });

  it('paints whole cells', () => {
    const columns = [{ head: 'S', value: (row: string) => row, paint: (text: string) => `<${text}>` }];
    expect(table(columns, ['x'])).toBe('S\n<x>');
  });
});

describe('a cell', () => {
  it.each([
    [null, ''],
    [undefined, ''],
    [0, '0'],
    [false, 'false'],
    [new Date('2026-11-22T07:00:00.123Z'), '2026-11-22 07:00:00'],
    [{ a: 1 }, '{"a":1}'],
    ['a\nb\u001b[31m', 'a b [31m'],
  ])('of %j is %j', (value, text) => expect(cell(value)).toBe(text));

  it('never holds what moves a cursor or turns the reading direction', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.integer({ min: 0, max: 0x2100 }).map((code) => String.fromCharCode(code)) }), (text) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
        expect(printable(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });
});

describe('facts', () => {
  it('are lines with their names, those without a value left out', () => {
    expect(
      facts([
        ['name', 'x'],
        ['nothing', null],
        ['production role', 0],
      ]),
    ).toBe('name             x\nproduction role  0');
  });
});
