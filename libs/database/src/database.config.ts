import { bool, type ConfigOf, defineKeys, int, ms, secretUrl, str } from '@panda/config';

/** Keys of the database connection, the same in every service. Limits: reliability TX7, TX8; performance: few connections beat many. */
export const databaseKeys = defineKeys('database', {
  url: secretUrl('DATABASE_URL', {
    default: 'postgresql://postgres@127.0.0.1:5432/panda_db',
    schemes: ['postgresql', 'postgres'],
    doc: 'The PostgreSQL database of the installation.',
  }),
  poolMax: int('PANDA_DB_POOL_MAX', {
    default: 10,
    min: 1,
    max: 64,
    doc: 'Connections of this process; the sum over all processes plus 20 must stay below max_connections.',
  }),
  statementTimeout: ms('PANDA_DB_STATEMENT_TIMEOUT', {
    default: '300s',
    min: 100,
    doc: 'A statement that runs longer is cancelled (dbtimeout of the original); the chart sets 25s for the gateway.',
  }),
  lockTimeout: ms('PANDA_DB_LOCK_TIMEOUT', {
    default: '10s',
    min: 10,
    doc: 'A statement that waits longer for a lock is cancelled and its transaction repeated.',
  }),
  applicationName: str('PANDA_DB_APPLICATION_NAME', {
    default: 'panda-fleet',
    pattern: /[\w.@-]{1,60}/,
    doc: 'Name of the sessions in pg_stat_activity.',
  }),
  logStatements: bool('PANDA_DB_LOG_STATEMENTS', {
    default: false,
    doc: 'Writes a line for each statement: name, milliseconds, rows (dump_sql of the original). Never the parameters.',
  }),
  idleInTransaction: ms('PANDA_DB_IDLE_IN_TRANSACTION', {
    default: '60s',
    min: 100,
    doc: 'A transaction idle for longer is ended by the server.',
  }),
});

export type DatabaseConfig = ConfigOf<typeof databaseKeys>;
