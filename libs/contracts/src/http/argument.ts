/**
 * Declared arguments of an operation. The camel-case key is our name; v1 spells it in snake case, the classic dialect has a name of its own.
 */
export type ArgumentType = 'int' | 'float' | 'bool' | 'str' | 'object' | 'list' | 'ints' | 'strs' | 'json' | 'loose';

export interface Argument<T> {
  readonly type: ArgumentType;
  readonly required: boolean;
  /** Value when the caller sends none. */
  readonly fallback: T;
  /** Name in the classic dialect; absent when only v1 knows the argument. */
  readonly legacy?: string;
  readonly doc?: string;
  readonly min?: number;
  readonly max?: number;
}

export type ArgumentTable = Readonly<Record<string, Argument<unknown>>>;
export type ArgumentsOf<A extends ArgumentTable> = { readonly [K in keyof A]: A[K] extends Argument<infer T> ? T : never };

export type Scalar = string | number | boolean;

/** Details of an argument: its classic name, what it means, the range of a number. */
export interface ArgumentDetails {
  legacy?: string;
  doc?: string;
  min?: number;
  max?: number;
}

/** JSON objects and lists keep whatever the caller put into them; the handler validates the content. */
export type FreeObject = { readonly [key: string]: unknown };

function needed<T>(type: ArgumentType) {
  return (details: ArgumentDetails = {}): Argument<T> => ({ type, required: true, fallback: undefined as T, ...details });
}

function optional<T>(type: ArgumentType) {
  return <D extends T | null = null>(fallback: D = null as D, details: ArgumentDetails = {}): Argument<T | D> => ({
    type,
    required: false,
    fallback,
    ...details,
  });
}

export const required = {
  int: needed<number>('int'),
  float: needed<number>('float'),
  bool: needed<boolean>('bool'),
  str: needed<string>('str'),
  object: needed<FreeObject>('object'),
  list: needed<readonly unknown[]>('list'),
  ints: needed<readonly number[]>('ints'),
  strs: needed<readonly string[]>('strs'),
  /** An object or list, or JSON text of one: Harvester sends statistics as text inside JSON. */
  json: needed<unknown>('json'),
  loose: needed<Scalar>('loose'),
};

export const maybe = {
  int: optional<number>('int'),
  float: optional<number>('float'),
  bool: optional<boolean>('bool'),
  str: optional<string>('str'),
  object: optional<FreeObject>('object'),
  list: optional<readonly unknown[]>('list'),
  ints: optional<readonly number[]>('ints'),
  strs: optional<readonly string[]>('strs'),
  json: optional<unknown>('json'),
  /** Any scalar as it came: a metric of a pilot that cannot be read must not cost the report that carries it. */
  loose: optional<Scalar>('loose'),
};

/** `taskId` → `task_id`, `computingElement` → `computing_element`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
