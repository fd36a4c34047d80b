import { checkInvariants, Database, openPool } from '@panda/database';
import { taskStatus } from '@panda/domain';

const LIMIT_MS = 60_000;

/** What a finished chain left in its database. */
export interface Books {
  /** Invariants that are broken although nothing is in flight, with rows that break them. */
  readonly broken: readonly { id: string; rows: readonly unknown[] }[];
  readonly tasks: readonly { jeditaskid: number; status: string }[];
  /** Finished outputs that users see, and how many names they have. */
  readonly outputs: { readonly files: number; readonly names: number };
}

/** Reads the books of a fleet that is at rest. */
export async function readBooks(url: string): Promise<Books> {
  const limits = { statementTimeoutMs: LIMIT_MS, lockTimeoutMs: LIMIT_MS, idleInTransactionMs: LIMIT_MS };
  const database = new Database(openPool({ url, max: 1, applicationName: 'test', ...limits }));
  try {
    const broken = await checkInvariants(database, { quiescent: true });
    const tasks = await database.pool.query('select jeditaskid, status from doma_panda.jedi_tasks order by jeditaskid');
    const outputs = await database.pool.query(
      `select count(*)::int as files, count(distinct (c.scope, c.lfn))::int as names from doma_panda.jedi_dataset_contents c
       join doma_panda.jedi_datasets d using (jeditaskid, datasetid) where d.type = 'output' and c.status = 'finished'`,
    );
    return {
      broken: broken.map(({ id, rows }) => ({ id, rows: rows.slice(0, 5) })),
      tasks: tasks.rows,
      outputs: outputs.rows[0],
    };
  } finally {
    await database.close();
  }
}

/** The demonstration: twenty generated files, analysed and merged into one histogram, each registered once. */
export const demonstrated: Books = {
  broken: [],
  tasks: [
    { jeditaskid: 1, status: taskStatus.done },
    { jeditaskid: 2, status: taskStatus.done },
  ],
  outputs: { files: 21, names: 21 },
};
