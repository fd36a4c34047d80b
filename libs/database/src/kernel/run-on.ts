import type pg from 'pg';
import type { Statement } from './statement.js';

function values(statement: Statement<never, unknown>, params: object): unknown[] {
  return statement.params.map((name) => {
    const value = (params as Record<string, unknown>)[name];
    if (value === undefined) throw new TypeError(`statement '${statement.name}': parameter '${name}' is missing`);
    return value;
  });
}

/** Runs a statement on a pool or a client. Throws TypeError when a parameter is missing. */
export async function runOn<P extends object, R>(
  on: pg.Pool | pg.ClientBase,
  statement: Statement<P, R>,
  params: P,
): Promise<R[]> {
  const config = { name: statement.preparedName, text: statement.text, values: values(statement as never, params) };
  return (await on.query(config)).rows as R[];
}
