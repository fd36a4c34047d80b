import { environment, given, type Variables } from './environment.js';
import { type Key, Refused } from './key.js';

export interface Violation {
  readonly component: string;
  readonly env: string;
  readonly problem: string;
}

/** Everything that is wrong with the configuration, so that an operator mends it in one go. */
export class ConfigError extends Error {
  constructor(readonly violations: readonly Violation[]) {
    const lines = violations.map((v) => `  ${v.env} ${v.problem} (${v.component})`);
    super(`the configuration breaks ${violations.length} rule(s):\n${lines.join('\n')}`);
    this.name = 'ConfigError';
  }
}

type Shape = Readonly<Record<string, Key<unknown>>>;
export type ValuesOf<S extends Shape> = { readonly [K in keyof S]: S[K] extends Key<infer T> ? T : never };
/** The values of a declared set: `type BrokerConfig = ConfigOf<typeof brokerKeys>`. */
export type ConfigOf<D> = D extends KeySet<infer S> ? ValuesOf<S> : never;

/** The deployment keys of one component, declared once. */
export class KeySet<S extends Shape> {
  /** Injection token of the values. */
  readonly token: symbol;
  private values: ValuesOf<S> | undefined;

  constructor(
    readonly component: string,
    readonly keys: S,
  ) {
    this.token = Symbol(`config:${component}`);
  }

  /** A provider of the values under {@link token}, for a module's `providers`. */
  get provider(): { provide: symbol; useFactory: () => ValuesOf<S> } {
    return { provide: this.token, useFactory: () => this.read() };
  }

  /** The values of this process; the environment is looked at once. Throws {@link ConfigError}. */
  read(): ValuesOf<S> {
    this.values ??= this.parse(environment());
    return this.values;
  }

  /** The values `variables` give. Throws {@link ConfigError} with every violation. */
  parse(variables: Variables): ValuesOf<S> {
    const violations: Violation[] = [];
    const values = this.collect(variables, violations);
    if (violations.length > 0) throw new ConfigError(violations);
    return values;
  }

  /** Defaults, changed where `values` says so: for tests and tools. A required key must be among the values. */
  with(values: Partial<ValuesOf<S>>): ValuesOf<S> {
    const known = values as Readonly<Record<string, unknown>>;
    const read = Object.entries(this.keys).map(([name, key]) => {
      if (known[name] !== undefined) return [name, known[name]];
      if (key.required) throw new ConfigError([{ component: this.component, env: key.env, problem: 'is required' }]);
      return [name, key.fallback === undefined ? undefined : key.parse(key.fallback)];
    });
    return Object.freeze(Object.fromEntries(read)) as ValuesOf<S>;
  }

  /** Like {@link parse}, but adds what is wrong to `violations`. */
  collect(variables: Variables, violations: Violation[]): ValuesOf<S> {
    const read = Object.entries(this.keys).map(([name, key]) => {
      try {
        return [name, givenOrDefault(key, variables)];
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        violations.push({ component: this.component, env: key.env, problem: error.message });
        return [name, undefined];
      }
    });
    return Object.freeze(Object.fromEntries(read)) as ValuesOf<S>;
  }
}

function givenOrDefault(key: Key<unknown>, variables: Variables): unknown {
  const text = given(key, variables) ?? key.fallback;
  if (text !== undefined) return key.parse(text);
  if (key.required) throw new Refused('is required');
  return undefined;
}
