import type { Session } from '../kernel/database.js';
import { statement } from '../kernel/statement.js';
import { migrationNames } from './index.js';

/** Migrations a database has, oldest first. */
export const appliedMigrations = statement<object, { name: string }>(
  'schema.appliedMigrations',
  'SELECT name FROM panda_ops.schema_migration ORDER BY "timestamp", id',
);

/** The schema lacks migrations this release needs. Newer ones are fine: release N runs on schema N and N+1. */
export class SchemaTooOld extends Error {
  constructor(
    readonly missing: readonly string[],
    readonly found: string | undefined,
  ) {
    super(
      `the database schema is at '${found ?? 'nothing'}' and this release needs '${migrationNames.at(-1)}' ` +
        `(${missing.length} migration(s) missing): run the migrate service first`,
    );
    this.name = 'SchemaTooOld';
  }
}

/** Throws {@link SchemaTooOld} unless every migration this release knows was applied. */
export async function checkSchema(session: Session): Promise<void> {
  const names = await appliedNames(session);
  const missing = migrationNames.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new SchemaTooOld(missing, names.at(-1));
}

async function appliedNames(session: Session): Promise<string[]> {
  try {
    return (await session.run(appliedMigrations, {})).map((row) => row.name);
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === '42P01' || code === '3F000') return []; // no such table or schema: an empty database
    throw error;
  }
}
