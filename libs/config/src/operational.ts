/** Types a CONFIG row may have. Spec: Database › PANDA.CONFIG. */
export type OperationalType = 'int' | 'float' | 'bool' | 'str' | 'json';

interface ValueByType {
  int: number;
  float: number;
  bool: boolean;
  str: string;
  json: unknown;
}

/**
 * One key that operators change on a running system as a row of the CONFIG table. The name may hold placeholders, as in
 * `HEARTBEAT_TIMEOUT_<workflow>`: each text that fits is a key of its own.
 */
export interface OperationalKey<T = unknown> {
  readonly app: string;
  readonly component: string;
  readonly name: string;
  readonly type: OperationalType;
  /** Applies when no row exists; undefined means the rule of the reader is off. */
  readonly fallback: T | undefined;
  readonly unit?: string;
  readonly doc: string;
  /** Filter, rule or agent that reads the key. */
  readonly readBy: string;
}

interface Declaration<Y extends OperationalType> {
  readonly type: Y;
  readonly default?: ValueByType[Y];
  readonly unit?: string;
  readonly doc: string;
  readonly readBy: string;
}

type Keys<D extends Readonly<Record<string, Declaration<OperationalType>>>> = {
  readonly [N in keyof D]: OperationalKey<ValueByType[D[N]['type']]>;
};

const declared = new Map<string, OperationalKey>();

/**
 * Declares keys of the CONFIG table, by their names there: `defineOperational({ app: 'jedi', component: 'jobbroker' },
 * { NW_THRESHOLD: { type: 'float', default: 1.7, … } })`. They take effect within a minute of a change of the row.
 */
export function defineOperational<const D extends Readonly<Record<string, Declaration<OperationalType>>>>(
  where: { readonly app: string; readonly component: string },
  declarations: D,
): Keys<D> {
  const entries = Object.entries(declarations).map(([name, { default: fallback, ...rest }]) => {
    const key: OperationalKey = { app: where.app, component: where.component, name, fallback, ...rest };
    const id = `${key.app}.${key.component}.${name}`;
    if (declared.has(id)) throw new TypeError(`the operational key ${id} is declared twice`);
    declared.set(id, key);
    return [name, key];
  });
  return Object.fromEntries(entries) as Keys<D>;
}

/** Every declared operational key, sorted, for the reference page and the check for unknown rows. */
export function allOperationalKeys(): readonly OperationalKey[] {
  return [...declared.values()].toSorted((a, b) => sortName(a).localeCompare(sortName(b)));
}

/** The key's name with its placeholders filled; throws when one is not given. */
export function filledName(key: OperationalKey, fill: Readonly<Record<string, string>>): string {
  return key.name.replace(/<(\w+)>/g, (_, placeholder: string) => {
    const text = fill[placeholder];
    if (text === undefined) throw new TypeError(`${key.name}: <${placeholder}> is not given`);
    return text;
  });
}

/** True when `name` is this key, or one of the keys its placeholders stand for. */
export function covers(key: OperationalKey, name: string): boolean {
  const pattern = key.name.split(/<\w+>/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.+')}$`).test(name);
}

function sortName(key: OperationalKey): string {
  return `${key.app}.${key.component}.${key.name}`;
}
