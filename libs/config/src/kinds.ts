import { formatDuration, parseDuration } from './duration.js';
import { type Given, type Key, type KeyOptions, type KeySchema, key, Refused } from './key.js';

interface Bounded<T> extends KeyOptions {
  readonly default?: T;
  readonly min?: number;
  readonly max?: number;
}

interface WithDefault<T> extends KeyOptions {
  readonly default?: T;
}

/** A whole number within its limits. */
export function int<const O extends Bounded<number>>(env: string, options: O): Key<Given<number, O>> {
  return key(env, options, {
    kind: 'int',
    fallback: options.default?.toString(),
    schema: bounds({ type: 'integer' }, options),
    parse: (text) => {
      if (!/^[+-]?\d+$/.test(text)) throw new Refused('is not a whole number');
      return within(Number(text), options, String);
    },
  });
}

/** A number within its limits. */
export function float<const O extends Bounded<number>>(env: string, options: O): Key<Given<number, O>> {
  return key(env, options, {
    kind: 'float',
    fallback: options.default?.toString(),
    schema: bounds({ type: 'number' }, options),
    parse: (text) => {
      if (text.trim() === '' || !Number.isFinite(Number(text))) throw new Refused('is not a number');
      return within(Number(text), options, String);
    },
  });
}

/** A duration such as `90s` or `1h30m`; the value is in milliseconds, `min` and `max` too. */
export function ms<const O extends Bounded<string>>(env: string, options: O): Key<Given<number, O>> {
  return key(env, options, {
    kind: 'ms',
    fallback: options.default,
    schema: { type: 'string', pattern: '^(\\d+|(\\d+(\\.\\d+)?\\s*(ms|s|m|h|d)\\s*)+)$' },
    parse: (text) => {
      const value = parseDuration(text);
      if (value === undefined) throw new Refused('is not a duration such as 500ms, 90s, 10m, 1h30m');
      return within(value, options, formatDuration);
    },
  });
}

/** Text; `pattern` is a rule it must match as a whole. */
export function str<const O extends WithDefault<string> & { readonly pattern?: RegExp }>(
  env: string,
  options: O,
): Key<Given<string, O>> {
  return key(env, options, {
    kind: 'str',
    fallback: options.default,
    schema: options.pattern ? { type: 'string', pattern: options.pattern.source } : { type: 'string' },
    parse: (text) => {
      if (options.pattern && !options.pattern.test(text)) throw new Refused(`does not match ${options.pattern.source}`);
      return text;
    },
  });
}

const TRUE = new Set(['true', '1', 'yes', 'on']);
const FALSE = new Set(['false', '0', 'no', 'off']);

/** `true`/`false`; 1/0, yes/no and on/off are understood too. */
export function bool<const O extends WithDefault<boolean>>(env: string, options: O): Key<Given<boolean, O>> {
  return key(env, options, {
    kind: 'bool',
    fallback: options.default?.toString(),
    schema: { type: 'boolean' },
    parse: (text) => {
      const word = text.toLowerCase();
      if (!TRUE.has(word) && !FALSE.has(word)) throw new Refused('is neither true nor false');
      return TRUE.has(word);
    },
  });
}

/** One word of a closed list. */
export function oneOf<const V extends string, const O extends WithDefault<NoInfer<V>>>(
  env: string,
  words: readonly V[],
  options: O,
): Key<Given<V, O>> {
  return key(env, options, {
    kind: 'enum',
    fallback: options.default,
    schema: { type: 'string', enum: words },
    parse: (text): V => {
      const found = words.find((word) => word === text);
      if (found === undefined) throw new Refused(`is not one of ${words.join(', ')}`);
      return found;
    },
  });
}

interface UrlOptions extends WithDefault<string> {
  /** Accepted schemes without colon; any when absent. */
  readonly schemes?: readonly string[];
}

/** An absolute URL. A URL that carries a password is a {@link secretUrl}. */
export function url<const O extends UrlOptions>(env: string, options: O): Key<Given<string, O>> {
  return key(env, options, {
    kind: 'url',
    fallback: options.default,
    schema: { type: 'string', format: 'uri' },
    parse: (text) => {
      if (parseUrl(text, options).password !== '') throw new Refused('must not contain a password');
      return text;
    },
  });
}

/** An absolute URL that may carry a password: masked wherever keys are printed. */
export function secretUrl<const O extends UrlOptions>(env: string, options: O): Key<Given<string, O>> {
  return key(env, options, {
    kind: 'secretUrl',
    secret: true,
    fallback: options.default,
    schema: { type: 'string', format: 'uri' },
    parse: (text) => {
      parseUrl(text, options);
      return text;
    },
  });
}

/** A password or token: masked wherever keys are printed. */
export function secret<const O extends WithDefault<string>>(env: string, options: O): Key<Given<string, O>> {
  return key(env, options, {
    kind: 'secret',
    secret: true,
    fallback: options.default,
    schema: { type: 'string' },
    parse: (text) => text,
  });
}

/** Words separated by commas; empty ones are dropped. */
export function list<const O extends WithDefault<readonly string[]>>(env: string, options: O): Key<Given<readonly string[], O>> {
  return key(env, options, {
    kind: 'list',
    fallback: options.default?.join(','),
    schema: { type: 'string' },
    parse: (text): readonly string[] =>
      text
        .split(',')
        .map((word) => word.trim())
        .filter((word) => word !== ''),
  });
}

function bounds(schema: KeySchema, { min, max }: { min?: number; max?: number }): KeySchema {
  return { ...schema, ...(min === undefined ? {} : { minimum: min }), ...(max === undefined ? {} : { maximum: max }) };
}

function within(value: number, { min, max }: { min?: number; max?: number }, print: (value: number) => string): number {
  if (min !== undefined && value < min) throw new Refused(`is below ${print(min)}`);
  if (max !== undefined && value > max) throw new Refused(`is above ${print(max)}`);
  return value;
}

function parseUrl(text: string, { schemes }: UrlOptions): URL {
  if (!URL.canParse(text)) throw new Refused('is not an absolute URL');
  const parsed = new URL(text);
  const scheme = parsed.protocol.slice(0, -1);
  if (schemes && !schemes.includes(scheme)) throw new Refused(`must begin with ${schemes.map((s) => `${s}://`).join(' or ')}`);
  return parsed;
}
