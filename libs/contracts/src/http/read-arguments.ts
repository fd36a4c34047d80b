import { isObject, parseJson } from '../wire/json.js';
import { unpickle } from '../wire/pickle/reader.js';
import { PickleError } from '../wire/pickle/values.js';
import { WireError } from '../wire/wire-error.js';
import { type Argument, type ArgumentsOf, type ArgumentTable, type ArgumentType, snakeCase } from './argument.js';

/** What the caller sent: values by wire name. Forms and query strings give lists of texts, JSON bodies give JSON values. */
export type RawArguments = ReadonlyMap<string, unknown>;

export interface ReadingRules {
  readonly dialect: 'legacy' | 'v1';
  /** Texts of forms and query strings are cast to the declared type; values of a JSON body must have it already. */
  readonly cast: boolean;
  readonly ignoreUnknown: boolean;
}

/** The arguments do not fit the declaration. The message is the one the original sends (client-api B.1, pilot-api 1.5). */
export class ArgumentProblem extends Error {
  /** Arguments that could be read: some methods refuse in the form that one of them asks for. */
  partial: Readonly<Record<string, unknown>> = {};

  constructor(
    readonly argument: string,
    message: string,
  ) {
    super(message);
    this.name = 'ArgumentProblem';
  }
}

/** Reads and checks all declared arguments. Throws {@link ArgumentProblem} for the first that does not fit. */
export function readArguments<A extends ArgumentTable>(table: A, raw: RawArguments, rules: ReadingRules): ArgumentsOf<A> {
  const wireNames = new Map(Object.entries(table).flatMap(([key, argument]) => nameOf(key, argument, rules.dialect)));
  const values: Record<string, unknown> = {};
  const problems: ArgumentProblem[] = rules.ignoreUnknown ? [] : unknownOnes(raw, wireNames);
  for (const [key, argument] of Object.entries(table)) values[key] = argument.fallback;
  for (const [wire, key] of wireNames) {
    try {
      values[key] = readOne(wire, raw.get(wire), table[key] as Argument<unknown>, rules);
    } catch (error) {
      if (!(error instanceof ArgumentProblem)) throw error;
      problems.push(error);
    }
  }
  const [first] = problems;
  if (first === undefined) return values as ArgumentsOf<A>;
  first.partial = values;
  throw first;
}

function readOne(wire: string, given: unknown, argument: Argument<unknown>, rules: ReadingRules): unknown {
  if (!isAbsent(given, argument, rules)) return inRange(wire, convert(wire, given, argument.type, rules.cast), argument);
  if (argument.required) throw new ArgumentProblem(wire, `Argument error: missing a required argument: '${wire}'`);
  return argument.fallback;
}

function nameOf(key: string, argument: Argument<unknown>, dialect: ReadingRules['dialect']): [string, string][] {
  if (dialect === 'v1') return [[snakeCase(key), key]];
  return argument.legacy === undefined ? [] : [[argument.legacy, key]];
}

function unknownOnes(raw: RawArguments, known: ReadonlyMap<string, string>): ArgumentProblem[] {
  return [...raw.keys()]
    .filter((name) => !known.has(name))
    .map(
      (name) =>
        new ArgumentProblem(name, `Argument error: got an unexpected keyword argument ${JSON.stringify(name.slice(0, 64))}`),
    );
}

/** `None` is how Python clients spell an absent optional value in a form. */
function isAbsent(given: unknown, argument: Argument<unknown>, rules: ReadingRules): boolean {
  if (given === undefined || given === null) return true;
  if (!rules.cast || argument.required) return false;
  const text = Array.isArray(given) ? given[0] : given;
  return text === 'None' || (text === '' && argument.type !== 'str');
}

const PYTHON_TYPES: Readonly<Record<ArgumentType, string>> = {
  int: 'int',
  float: 'float',
  bool: 'bool',
  str: 'str',
  object: 'dict',
  list: 'list',
  ints: 'list',
  strs: 'list',
  json: 'str',
  loose: 'str',
};

function convert(name: string, given: unknown, type: ArgumentType, cast: boolean): unknown {
  const value = cast ? castText(name, given, type) : given;
  if (type === 'json') return typeof value === 'string' ? jsonText(name, value) : value;
  if (type === 'ints' || type === 'strs') return checkItems(name, value, type);
  if (!hasType(value, type)) {
    throw new ArgumentProblem(
      name,
      `Type error: '${name}' must be of type <class '${PYTHON_TYPES[type]}'>, got ${pythonType(value)}.`,
    );
  }
  return value;
}

function hasType(value: unknown, type: ArgumentType): boolean {
  if (type === 'int') return typeof value === 'number' && Number.isSafeInteger(value);
  if (type === 'float') return typeof value === 'number' && Number.isFinite(value);
  if (type === 'bool') return typeof value === 'boolean';
  if (type === 'str') return typeof value === 'string';
  if (type === 'object') return isObject(value);
  if (type === 'loose') return typeof value !== 'object';
  return Array.isArray(value);
}

function checkItems(name: string, value: unknown, type: 'ints' | 'strs'): unknown {
  const itemType = type === 'ints' ? 'int' : 'str';
  if (!Array.isArray(value))
    throw new ArgumentProblem(name, `Type error: '${name}' must be of type <class 'list'>, got ${pythonType(value)}.`);
  if (!value.every((item) => hasType(item, itemType))) {
    throw new ArgumentProblem(name, `Type error: All elements in '${name}' must be ${itemType}.`);
  }
  return value;
}

/** Casts the texts of a form; a single value becomes a list where one is declared. Values that are no texts pass unchanged. */
function castText(name: string, given: unknown, type: ArgumentType): unknown {
  const texts = Array.isArray(given) ? given : [given];
  if (type === 'ints') return texts.flatMap(listItems).map((item) => castOne(name, item, 'int'));
  if (type === 'strs') return texts.flatMap(textItems);
  if (type === 'list' && !(typeof texts[0] === 'string')) return given;
  return castOne(name, texts[0], type);
}

/** One form field may hold several ids: `1,2`, `[1, 2]`, or a pickled list of classic clients. */
function listItems(item: unknown): unknown[] {
  if (typeof item !== 'string') return [item];
  if (PICKLED_LIST.test(item)) return pickledList(item);
  return item.replace(/^\[|\]$/g, '').split(',');
}

/** A form field may hold a list of texts as JSON. */
function textItems(item: unknown): unknown[] {
  if (typeof item !== 'string' || !/^\s*\[.*\]\s*$/s.test(item)) return [item];
  const value = jsonText('list', item);
  return Array.isArray(value) ? value : [item];
}

/** `(l`, or a binary protocol; numbers in text never begin like this. */
const PICKLED_LIST = /^(?:\(l|\]|\x80)/;

function pickledList(text: string): unknown[] {
  try {
    const value = unpickle(Buffer.from(text, 'latin1'));
    if (Array.isArray(value)) return value;
  } catch (error) {
    if (error instanceof PickleError) throw new WireError('malformed', error.message);
    throw error;
  }
  throw new WireError('malformed', 'a pickled list is expected');
}

function castOne(name: string, value: unknown, type: ArgumentType): unknown {
  if (typeof value !== 'string')
    return type === 'str' && (typeof value === 'number' || typeof value === 'boolean') ? String(value) : value;
  if (type === 'int') return castInt(name, value);
  if (type === 'float') return castFloat(name, value);
  if (type === 'bool') return /^(true|1)$/i.test(value.trim());
  if (type === 'object' || type === 'list') return jsonText(name, value);
  return value;
}

/** Integers go through float as upstream, so `12.0` is 12; anything else that is no integer is refused. */
function castInt(name: string, text: string): number {
  const value = /^\s*[+-]?\d{1,19}(\.0*)?\s*$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw castProblem(name, text, 'int');
  return value;
}

function castFloat(name: string, text: string): number {
  const value = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?\s*$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isFinite(value)) throw castProblem(name, text, 'float');
  return value;
}

function castProblem(name: string, text: string, type: string): ArgumentProblem {
  const shown = JSON.stringify(text.slice(0, 64));
  return new ArgumentProblem(
    name,
    `Type error: '${name}' with value ${shown} could not be casted to type <class '${type}'> from <class 'str'>.`,
  );
}

function jsonText(name: string, text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof WireError && error.fault === 'tooLarge') throw error;
    throw new ArgumentProblem(name, `Type error: '${name}' is not valid JSON.`);
  }
}

function inRange(name: string, value: unknown, argument: Argument<unknown>): unknown {
  if (typeof value !== 'number') return value;
  if (argument.min !== undefined && value < argument.min)
    throw new ArgumentProblem(name, `Argument error: '${name}' must be at least ${argument.min}`);
  if (argument.max !== undefined && value > argument.max)
    throw new ArgumentProblem(name, `Argument error: '${name}' must be at most ${argument.max}`);
  return value;
}

function pythonType(value: unknown): string {
  if (value === null || value === undefined) return "<class 'NoneType'>";
  if (Array.isArray(value)) return "<class 'list'>";
  if (typeof value === 'number') return Number.isInteger(value) ? "<class 'int'>" : "<class 'float'>";
  const names: Readonly<Record<string, string>> = { string: 'str', boolean: 'bool', object: 'dict' };
  return `<class '${names[typeof value] ?? 'object'}'>`;
}
