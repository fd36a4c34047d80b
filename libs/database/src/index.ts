export * from './database.config.js';
export * from './kernel/database.js';
export * from './kernel/statement.js';
export * from './kernel/transient.js';
export { migrationFiles, migrationNames } from './migrations/index.js';
export * from './migrations/migrate.js';
export * from './migrations/schema-check.js';
export { migrationsHash } from './migrations/sql-migration.js';
export * from './statements/lease.js';
