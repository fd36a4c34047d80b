import { allOperationalKeys, covers, filledName, type OperationalKey } from './operational.js';

/** A row of the CONFIG table. Spec: Database › PANDA.CONFIG. */
export interface ConfigRow {
  readonly app: string;
  readonly component: string;
  readonly key: string;
  readonly value: string | null;
  readonly type: string;
  /** Empty, null or `any`: for every VO. */
  readonly vo: string | null;
  readonly valueJson?: unknown;
}

/** Where the rows come from; implemented over the database. An abstract class, so that it is its own injection token. */
export abstract class ConfigRows {
  abstract read(): Promise<readonly ConfigRow[]>;
}

/** Something an operator should mend; the value concerned is ignored. */
export interface ConfigComplaint {
  readonly row: ConfigRow;
  readonly problem: string;
}

export interface Lookup {
  readonly vo?: string;
  /** Texts for the placeholders of the key's name. */
  readonly fill?: Readonly<Record<string, string>>;
}

const JS_TYPE = { int: 'number', float: 'number', bool: 'boolean', str: 'string' } as const;

type Typed = { readonly vo: string | undefined; readonly value: unknown };

/**
 * The CONFIG table as of the last refresh. Reading is synchronous and never touches the database, so rules stay pure
 * functions over a snapshot; a failed refresh keeps the former values.
 */
export class OperationalConfig {
  private values = new Map<string, readonly Typed[]>();

  constructor(private readonly rows?: ConfigRows) {}

  /** Takes the current rows and returns what is wrong with them: unknown keys and values that don't fit their type. */
  async refresh(): Promise<readonly ConfigComplaint[]> {
    return this.rows ? this.take(await this.rows.read()) : [];
  }

  /** Replaces the snapshot by `rows`. */
  take(rows: readonly ConfigRow[]): readonly ConfigComplaint[] {
    const complaints: ConfigComplaint[] = [];
    const values = new Map<string, Typed[]>();
    const known = allOperationalKeys();
    for (const row of rows) {
      const value = typedValue(row);
      if (value === undefined) complaints.push({ row, problem: `the value is no ${row.type}` });
      else slot(values, row).push({ vo: voOf(row), value });
      // Of a component this process does not know, others may read the key.
      const siblings = known.filter((key) => key.app === row.app && key.component === row.component);
      if (siblings.length > 0 && !siblings.some((key) => covers(key, row.key))) {
        complaints.push({ row, problem: 'nothing reads this key' });
      }
    }
    this.values = values;
    return complaints;
  }

  /** The value for a VO, else the one for every VO, else the declared default. A row of another type is no value. */
  get<T>(key: OperationalKey<T>, lookup: Lookup = {}): T | undefined {
    const value = this.find(key.app, key.component, filledName(key, lookup.fill ?? {}), lookup.vo);
    const fits = value !== undefined && (key.type === 'json' || typeof value === JS_TYPE[key.type]);
    return fits ? (value as T) : key.fallback;
  }

  /** Like `getConfigValue(component, key, app, vo)` of the original: undefined when there is no row. */
  find(app: string, component: string, name: string, vo?: string): unknown {
    const typed = this.values.get(`${app}\n${component}\n${name}`) ?? [];
    const own = typed.find((entry) => vo !== undefined && entry.vo === vo);
    const shared = typed.find((entry) => entry.vo === undefined);
    return (own ?? shared ?? (vo === undefined ? typed[0] : undefined))?.value;
  }
}

function slot(values: Map<string, Typed[]>, row: ConfigRow): Typed[] {
  const id = `${row.app}\n${row.component}\n${row.key}`;
  const found = values.get(id) ?? [];
  values.set(id, found);
  return found;
}

function voOf({ vo }: ConfigRow): string | undefined {
  return vo === null || vo === '' || vo === 'any' ? undefined : vo;
}

/** Source: type names as in panda-server:pandaserver/taskbuffer/OraDBProxy.py@9cc3603 (getConfigValue). */
function typedValue(row: ConfigRow): unknown {
  const text = row.value?.trim() ?? '';
  switch (row.type.toLowerCase()) {
    case 'int':
    case 'integer':
      return /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
    case 'float':
      return text !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
    case 'bool':
    case 'boolean':
      return text.toLowerCase() === 'true' ? true : text.toLowerCase() === 'false' ? false : undefined;
    case 'json':
      return row.valueJson ?? parsedJson(text);
    default:
      return row.value ?? undefined;
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // reported by the caller as a value that is no json
  }
}
