import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Literal, shown } from './literal.js';
import { readStatements, StatementError } from './statement-reader.js';
import { readWords } from './word-reader.js';

const one = (text: string) => readStatements(text)[0];

describe('a statement', () => {
  it.each([
    ['show()', 'show', [], {}],
    ['show', 'show', [], {}],
    ['kill(123)', 'kill', [123], {}],
    ['kill([123, 345,567,])', 'kill', [[123, 345, 567]], {}],
    ['kill((1, 2))', 'kill', [[1, 2]], {}],
    ["kill('all')", 'kill', ['all'], {}],
    ["show('fin', days=7, limit=100)", 'show', ['fin'], { days: 7, limit: 100 }],
    ['finish(234, soft=True)', 'finish', [234], { soft: true }],
    [
      "retry(789, newOpts={'nFilesPerJob':10,'excludedSite':None})",
      'retry',
      [789],
      { newOpts: { nFilesPerJob: 10, excludedSite: null } },
    ],
    ['show(taskname="it\'s \\"x\\"\\n")', 'show', [], { taskname: 'it\'s "x"\n' }],
    ['help(show)', 'help', ['show'], {}],
    ['x(-1, +2, 1.5, 1_000)', 'x', [-1, 2, 1.5, 1000], {}],
  ])('%s', (text, name, args, named) => {
    expect(readStatements(text)).toEqual([{ name, args, named }]);
  });

  it('may be followed by others, and by a comment', () => {
    expect(readStatements("show(1); kill(2)\n\n finish(3) # that's it").map(({ name }) => name)).toEqual([
      'show',
      'kill',
      'finish',
    ]);
    expect(readStatements('  \n# nothing')).toEqual([]);
  });

  it.each([
    ['show(', 'a value is missing', 5],
    ['show(1', "',' or ')' is missing", 6],
    ['show(1) kill(2)', 'more text than one command', 8],
    ["show('x", 'the text has no end', 5],
    ['show(a=1, 2)', 'a value without a name follows one with a name', 10],
    ["retry(1, {'a' 1})", "':' is missing", 14],
    ['retry(1, {1: 2})', 'a name in quotes is missing', 11],
    ['123', 'a command is missing', 0],
    ['show(99999999999999999999)', 'the number is too large', 5],
    [`show(${'['.repeat(30)})`, 'values are nested too deeply', 25],
  ])('%s is refused with the place', (text, message, at) => {
    expect(() => readStatements(text)).toThrow(expect.objectContaining({ message, at }));
  });

  it.each([
    '__import__("os").system("id")',
    'show(os.system("id"))',
    'show(show())',
    '(lambda: 1)()',
    'show(1 if 1 else 2)',
    'import os',
    'show(f"{1}")',
    'show(1+1)',
  ])('never computes: %s', (text) => {
    expect(() => readStatements(text)).toThrow(StatementError);
  });

  it('takes names like __proto__ for what they are', () => {
    const statement = one("retry(1, {'__proto__': {'polluted': 1}})");
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.keys(statement?.args[1] ?? {})).toEqual(['__proto__']);
  });

  it('reads back every value the prompt shows', () => {
    const { value } = fc.letrec<{ value: Literal }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', maxDepth: 4 },
        fc.constant(null),
        fc.boolean(),
        fc.integer(),
        fc.string(),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.string(), tie('value'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(fc.property(value, (literal) => expect(one(`x(${shown(literal)})`)?.args[0]).toEqual(literal)));
  });

  it('of any text is read or refused, never anything else', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'show(1,2=\'")[]{}:;# aN\\\n') }), (text) => {
        try {
          readStatements(text);
        } catch (error) {
          expect(error).toBeInstanceOf(StatementError);
        }
      }),
    );
  });
});

describe('words of a shell', () => {
  it.each([
    [['kill', '123,456'], { name: 'kill', args: [[123, 456]], named: {} }],
    [['show', '123', "format='long'"], { name: 'show', args: [123], named: { format: 'long' } }],
    [['finish', '1', 'soft=True'], { name: 'finish', args: [1], named: { soft: true } }],
    [
      ['retry', '1', 'excludedSite=A,B', 'site=None'],
      { name: 'retry', args: [1], named: { excludedSite: ['A', 'B'], site: null } },
    ],
  ])('%j', (words, statement) => expect(readWords(words)).toEqual(statement));
});
