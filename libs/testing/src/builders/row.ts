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
  for (const alike of runsOf(rows)) {
    const [first] = alike;
    if (!first) continue;
    const list = namesOf(first);
    const text = `INSERT INTO ${first.table} (${list}) SELECT ${list} FROM jsonb_populate_recordset(NULL::${first.table}, $1) RETURNING *`;
    const result = await database.pool.query(text, [JSON.stringify(alike.map(({ columns }) => columns))]);
    stored.push(...result.rows);
  }
  return stored;
}

const namesOf = ({ columns }: RowBuilder<unknown>): string =>
  Object.keys(columns)
    .map((name) => `"${name}"`)
    .join(', ');

/** Neighbours with the same table and columns: each run is one statement. */
function runsOf(rows: readonly RowBuilder<unknown>[]): RowBuilder<unknown>[][] {
  const runs: RowBuilder<unknown>[][] = [];
  for (const row of rows) {
    const last = runs.at(-1);
    const [head] = last ?? [];
    if (last && head?.table === row.table && namesOf(head) === namesOf(row)) last.push(row);
    else runs.push([row]);
  }
  return runs;
}

/** Empties tables between the tests of a file. DELETE, not TRUNCATE: a few rows go in milliseconds, files are left alone. */
export async function emptyTables(database: Database, ...tables: readonly string[]): Promise<void> {
  await database.pool.query(tables.map((table) => `DELETE FROM ${table}`).join(';'));
}

/** Everything a task and its jobs leave behind. */
export const taskTables = [
  ...[
    'jedi_tasks',
    'jedi_taskparams',
    'jedi_datasets',
    'jedi_dataset_contents',
    'jedi_output_template',
    'tasks_statuslog',
    'jobs',
  ],
  ...['job_files', 'job_params', 'job_metadata', 'jobs_statuslog', 'job_output_report', 'harvester_rel_jobs_workers'],
]
  .map((name) => `doma_panda.${name}`)
  .concat(
    'doma_deft.t_task',
    'panda_ops.outbox',
    'panda_ops.handout',
    'panda_ops.registered_output',
    'panda_ops.job_stats',
    'panda_ops.job_stats_delta',
  );
