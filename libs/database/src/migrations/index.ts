import { migrationName, sqlMigration } from './sql-migration.js';

/**
 * Every migration in order; the schema is what they make. To add one: a file `migrations/NNNN-what.sql` and its name here.
 * Rules: forward-only, one purpose each, no table rewrite on a running system, new constraints NOT VALID then validated.
 */
export const migrationFiles = [
  '0001-schemas',
  '0002-operations',
  '0003-bus',
  '0004-task-intake',
  '0005-tasks',
  '0006-datasets',
  '0007-jobs',
  '0008-job-records',
  '0009-errors',
  '0010-topology',
  '0011-configuration',
  '0012-harvester',
  '0013-accounts',
  '0014-predecessors',
  '0015-later-tables',
  '0016-statistics',
  '0017-live-job-views',
  '0018-final-job-views',
  '0019-monitor-views',
  '0020-statistics-views',
  '0021-ddm-catalogue',
  '0022-verdicts',
  '0023-partitions',
  '0024-nudges',
  '0025-seeds',
  '0026-state-checks',
  '0027-presence',
  '0028-links-to-a-site',
] as const;

export const migrations = migrationFiles.map((file) => sqlMigration(file));

/** Names as TypeORM records them, oldest first. */
export const migrationNames: readonly string[] = migrationFiles.map(migrationName);
