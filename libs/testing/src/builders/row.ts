import type { Database } from '@panda/database';

export type Value = string | number | boolean | null | Date | object;
export type Columns = Readonly<Record<string, Value>>;

/** A row to be: immutable, every change gives a new builder, so that tests can share a beginning. */
export abstract class RowBuilder<Self> {
  protected constructor(
    readonly table: string,
    readonly columns: Columns,
  ) {}

  /** The same row with these columns (PanDA's lower-case names). */
  with(columns: Columns): Self {
    return this.copy({ ...this.columns, ...columns });
  }

  protected abstract copy(columns: Columns): Self;
}

/**
 * Inserts rows as they are, without business rules, and returns them as stored (defaults and serial numbers filled in).
 * `const [task] = await insertRows(db.database, aTask().running())`.
 */
export async function insertRows(database: Database, ...rows: readonly RowBuilder<unknown>[]): Promise<Record<string, never>[]> {
  const stored: Record<string, never>[] = [];
  for (const { table, columns } of rows) {
    const names = Object.keys(columns);
    const list = names.map((name) => `"${name}"`).join(', ');
    const text = `INSERT INTO ${table} (${list}) SELECT ${list} FROM jsonb_populate_record(NULL::${table}, $1) RETURNING *`;
    const result = await database.pool.query(text, [JSON.stringify(columns)]);
    stored.push(...result.rows);
  }
  return stored;
}
