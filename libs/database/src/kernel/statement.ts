import { createHash } from 'node:crypto';

/**
 * A named SQL statement with named parameters (`$name`), the only way SQL reaches the database from our code.
 * Every statement registers itself; the fitness test PREPAREs each one on the migrated schema.
 */
export interface Statement<P extends object, R> {
  readonly name: string;
  /** SQL with positional parameters, ready for the driver. */
  readonly text: string;
  /** Parameter names in positional order. */
  readonly params: readonly string[];
  /** Name of the server-side prepared statement: readable and unique per text. */
  readonly preparedName: string;
  readonly _types?: { params: P; row: R };
}

const registry = new Map<string, Statement<never, unknown>>();

const NAMED_PARAMETER = /(?<![\w$])\$([a-zA-Z_]\w*)/g;

/** Declares a statement. Two statements of one name with different text are a programming error. */
export function statement<P extends object, R = Record<string, unknown>>(name: string, sql: string): Statement<P, R> {
  const params: string[] = [];
  const text = sql.trim().replace(NAMED_PARAMETER, (_, param: string) => {
    if (!params.includes(param)) params.push(param);
    return `$${params.indexOf(param) + 1}`;
  });
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  const declared: Statement<P, R> = { name, text, params, preparedName: `${name.slice(0, 54)}_${hash}` };
  const known = registry.get(name);
  if (known && known.text !== text) throw new Error(`statement '${name}' is declared twice with different SQL`);
  registry.set(name, declared as Statement<never, unknown>);
  return declared;
}

/** All declared statements, for the fitness test and the generated reference. */
export function allStatements(): readonly Statement<never, unknown>[] {
  return [...registry.values()];
}
