import type { Literal } from './literal.js';

/** A command was called with values it cannot take. */
export class ArgumentError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ArgumentError';
  }
}

/** Values of a call by parameter name: positional ones take the names in order. Unknown, double and surplus ones are refused, as Python does. */
export function bind(
  name: string,
  parameters: readonly string[],
  args: readonly Literal[],
  named: Readonly<Record<string, Literal>>,
) {
  if (args.length > parameters.length) throw new ArgumentError(`${name}() takes at most ${parameters.length} values`);
  const bound = new Map(args.map((value, i) => [parameters[i] ?? '', value]));
  for (const [key, value] of Object.entries(named)) {
    if (!parameters.includes(key))
      throw new ArgumentError(`${name}() knows no '${key}'; it takes ${parameters.join(', ') || 'nothing'}`);
    if (bound.has(key)) throw new ArgumentError(`${name}() got '${key}' twice`);
    bound.set(key, value);
  }
  return new BoundArguments(name, bound);
}

export class BoundArguments {
  constructor(
    private readonly command: string,
    private readonly values: ReadonlyMap<string, Literal>,
  ) {}

  get(name: string): Literal | undefined {
    return this.values.get(name);
  }

  /** A list of numbers: one number, or several. */
  ids(name: string): number[] {
    const value = this.get(name);
    const items = Array.isArray(value) ? value : [value];
    if (items.length > 0 && items.every(isId)) return items as number[];
    throw this.wrong(name, 'a jediTaskID, or a list of them');
  }

  id(name: string): number {
    const value = this.get(name);
    if (isId(value)) return value;
    throw this.wrong(name, 'a number');
  }

  text(name: string): string {
    const value = this.get(name);
    if (typeof value === 'string') return value;
    throw this.wrong(name, 'a text in quotes');
  }

  optionalText(name: string): string | undefined {
    const value = this.get(name);
    return value === null || value === undefined ? undefined : this.text(name);
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.get(name) ?? fallback;
    if (typeof value === 'boolean') return value;
    throw this.wrong(name, 'True or False');
  }

  /** Null when None was given. */
  count(name: string, fallback: number): number | null {
    const value = this.values.has(name) ? this.get(name) : fallback;
    if (value === null || (typeof value === 'number' && Number.isInteger(value) && value > 0)) return value;
    throw this.wrong(name, 'a positive number');
  }

  private wrong(name: string, wanted: string): ArgumentError {
    return new ArgumentError(`${this.command}(): ${name} must be ${wanted}`);
  }
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}
