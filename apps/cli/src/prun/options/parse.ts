import { type Outcome, refused } from '../outcome.js';
import type { OptionRow } from './row.js';
import { optionRows, type PrunOptions, removedOptions } from './table.js';

export interface ParsedOptions {
  readonly options: PrunOptions;
  /** Names of the options that were on the command line. */
  readonly given: ReadonlySet<string>;
  /** `--helpGroup`, or `-h` as an empty text. */
  readonly help?: string;
  readonly warnings: readonly string[];
}

type Value = string | number | boolean | readonly string[];

/** Reads a command line as the real tool does: `--opt value`, `--opt=value`, unambiguous abbreviations, the last one given wins. */
export function parseOptions(argv: readonly string[]): Outcome<ParsedOptions> {
  const values = new Map<string, Value>();
  const warnings: string[] = [];
  let help: string | undefined;
  for (let i = 0; i < argv.length; i++) {
    const [word, inline] = splitWord(argv[i] ?? '');
    if (word === '-h' || word === '--help') help = '';
    else if (word === '--helpGroup') help = inline ?? argv[++i] ?? '';
    else if (word in removedOptions) {
      warnings.push(`option ${word} is gone and has no effect`);
      if (removedOptions[word] === 1 && inline === undefined) i++;
    } else {
      const found = rowOf(word);
      if (!found.ok) return found;
      const row = found.value;
      if (row.kind !== 'flag' && inline === undefined && !isValue(argv[i + 1])) return refused(`${word}: a value is missing`);
      const text = row.kind === 'flag' ? inline : (inline ?? argv[++i]);
      const value = readValue(row, word, text, values.get(row.dest));
      if (!value.ok) return value;
      values.set(row.dest, value.value);
    }
  }
  const options = withDefaults(values);
  return { ok: true, value: { options, given: new Set(values.keys()), warnings, ...(help === undefined ? {} : { help }) } };
}

/** The options a `--loadJson` file holds, laid over those of the command line. Feature CLIENT-13. */
export function withJsonOptions(options: PrunOptions, file: Readonly<Record<string, unknown>>): Outcome<PrunOptions> {
  const merged: Record<string, unknown> = { ...options };
  for (const [name, given] of Object.entries(file)) {
    const row = optionRows.find(({ dest }) => dest === (name === 'exec' ? 'jobParams' : name));
    if (row === undefined) return refused(`unknown parameter ${name} in ${options.loadJson}`);
    const value = jsonValue(row, given);
    if (value === undefined)
      return refused(`${name} in ${options.loadJson} is no ${row.kind === 'flag' ? 'true or false' : row.kind}`);
    merged[row.dest] = value;
  }
  return { ok: true, value: merged as unknown as PrunOptions };
}

function jsonValue(row: OptionRow, given: unknown): Value | undefined {
  if (row.kind === 'flag') return typeof given === 'boolean' ? given : undefined;
  if (row.kind === 'list') return Array.isArray(given) ? given.map(String) : typeof given === 'string' ? [given] : undefined;
  if (typeof given !== 'string' && typeof given !== 'number') return undefined;
  if (row.kind === 'text') return String(given);
  return /^[+-]?\d+$/.test(String(given).trim()) ? Number(given) : undefined;
}

function splitWord(word: string): [string, string | undefined] {
  const at = word.startsWith('--') ? word.indexOf('=') : -1;
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

/** A word that begins like an option is none, except a negative number or a text with blanks (argparse's rule). */
function isValue(word: string | undefined): boolean {
  return word !== undefined && (!word.startsWith('-') || word === '-' || /^-\d*\.?\d+$/.test(word) || word.includes(' '));
}

function rowOf(word: string): Outcome<OptionRow> {
  if (!word.startsWith('-')) return refused(`unrecognized argument: ${word}`);
  const exact = optionRows.find(({ flags }) => flags.includes(word));
  if (exact) return { ok: true, value: exact };
  const flags = optionRows.flatMap((row) => row.flags.filter((flag) => flag.startsWith(word)).map((flag) => ({ flag, row })));
  const [first] = flags;
  if (!word.startsWith('--') || first === undefined) return refused(`unrecognized argument: ${word}`);
  if (new Set(flags.map(({ row }) => row)).size === 1) return { ok: true, value: first.row };
  return refused(`ambiguous option: ${word} could match ${flags.map(({ flag }) => flag).join(', ')}`);
}

function readValue(row: OptionRow, word: string, text: string | undefined, before: Value | undefined): Outcome<Value> {
  if (row.kind === 'flag') return text === undefined ? { ok: true, value: row.given ?? true } : refused(`${word} takes no value`);
  if (text === undefined) return refused(`${word}: a value is missing`);
  if (row.kind === 'list') return { ok: true, value: [...((before as readonly string[] | undefined) ?? []), text] };
  if (row.kind === 'text') return { ok: true, value: text };
  if (!/^\s*[+-]?\d+\s*$/.test(text)) return refused(`${word}: '${text}' is not a whole number`);
  return { ok: true, value: Number(text) };
}

function withDefaults(values: ReadonlyMap<string, Value>): PrunOptions {
  const entries = optionRows.map((row) => [row.dest, values.get(row.dest) ?? defaultOf(row)]);
  // The table's rows are what the type is derived from; Object.fromEntries cannot know.
  return Object.fromEntries(entries) as unknown as PrunOptions;
}

function defaultOf(row: OptionRow): Value | undefined {
  if (row.default !== undefined) return row.default;
  if (row.kind === 'flag') return false;
  return row.kind === 'list' ? [] : undefined;
}
