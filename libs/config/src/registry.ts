import { environment, given, type Variables } from './environment.js';
import type { Key } from './key.js';
import { ConfigError, KeySet, type Violation } from './key-set.js';

type AnySet = KeySet<Readonly<Record<string, Key<unknown>>>>;

const sets = new Map<string, AnySet>();

/**
 * Declares the deployment keys of a component. Every set stands in one registry: from it come the boot check, the
 * configuration reference, `.env.example` and the chart's values schema.
 */
export function defineKeys<const S extends Readonly<Record<string, Key<unknown>>>>(component: string, keys: S): KeySet<S> {
  if (sets.has(component)) throw new TypeError(`the keys of '${component}' are declared twice`);
  const taken = new Map(allKeys().map((entry) => [entry.key.env, entry.component]));
  for (const { env } of Object.values(keys)) {
    const owner = taken.get(env);
    if (owner !== undefined) throw new TypeError(`${env} is declared by '${owner}' and '${component}'`);
    taken.set(env, component);
  }
  const set = new KeySet(component, keys);
  sets.set(component, set as unknown as AnySet);
  return set;
}

/** Reads every declared set at boot. Throws one {@link ConfigError} with the violations of all of them. */
export function readAllKeys(variables: Variables = environment()): void {
  const violations: Violation[] = [];
  for (const set of sets.values()) set.collect(variables, violations);
  if (violations.length > 0) throw new ConfigError(violations);
}

/** Every declared key with its component, sorted, for the generators. */
export function allKeys(): readonly { component: string; key: Key<unknown> }[] {
  return [...sets.values()]
    .toSorted((a, b) => a.component.localeCompare(b.component))
    .flatMap((set) => Object.values(set.keys).map((key) => ({ component: set.component, key })));
}

/** What differs from the defaults, with secrets masked, for the one log line at boot. */
export function changedKeys(variables: Variables = environment()): Record<string, string> {
  const changed: Record<string, string> = {};
  for (const { key } of allKeys()) {
    const text = given(key, variables);
    if (text !== undefined && text !== key.fallback) changed[key.env] = key.secret ? masked(text) : text;
  }
  return changed;
}

/** A secret URL keeps what helps to find a mistake: scheme, host and path. */
export function masked(text: string): string {
  if (!URL.canParse(text)) return '***';
  const { protocol, host, pathname } = new URL(text);
  return host === '' ? '***' : `${protocol}//***@${host}${pathname}`;
}
