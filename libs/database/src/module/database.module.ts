import { Global, Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ConfigRows } from '@panda/config';
import { Clock, Health, jittered, Log, Metrics, Random } from '@panda/domain';
import { DataSource } from 'typeorm';
import { type DatabaseConfig, databaseKeys } from '../database.config.js';
import { Database, openPool, type StatementObserver } from '../kernel/database.js';
import { statement } from '../kernel/statement.js';
import { isTransient } from '../kernel/transient.js';
import { checkSchema } from '../migrations/schema-check.js';
import { DatabaseConfigRows } from '../operators/config-rows.js';
import { OperatorTables } from '../operators/operator-tables.js';
import { dataSourceOn } from './data-source.js';

/** Longest pause between tries to reach the database at start; services start in any order. Reliability 3.9. */
const START_PAUSE_MAX_MS = 15_000;
const COMPLAIN_EVERY_MS = 60_000;

export const pingDatabase = statement<object, { ok: number }>('database.ping', 'select 1 as ok');

/** A database with its own pool; close it when done. */
export function databaseFrom(config: DatabaseConfig, observe?: StatementObserver): Database {
  return new Database(
    openPool({
      url: config.url,
      max: config.poolMax,
      applicationName: config.applicationName,
      statementTimeoutMs: config.statementTimeout,
      lockTimeoutMs: config.lockTimeout,
      idleInTransactionMs: config.idleInTransaction,
    }),
    observe,
  );
}

/** Buckets of statements in seconds: a hot one is in the first two, an agent's snapshot in the next, the last is trouble. */
const BUCKETS_S = [0.002, 0.01, 0.05, 0.25, 1, 5, 25];

function observedDatabase(config: DatabaseConfig, log: Log, metrics: Metrics): Database {
  const seconds = metrics.histogram<'statement'>({
    name: 'panda_db_statement_seconds',
    help: 'Time callers waited for a statement, by its name.',
    labels: ['statement'],
    buckets: BUCKETS_S,
  });
  const database = databaseFrom(config, (statement, ms, rows) => {
    seconds.observe({ statement }, ms / 1000);
    if (config.logStatements) log.info('statement', { statement, ms: Math.round(ms * 10) / 10, rows });
  });
  const { pool } = database;
  metrics.observed({ name: 'panda_db_connections_open', help: 'Open connections of the pool.' }, () => pool.totalCount);
  metrics.observed(
    { name: 'panda_db_connections_idle', help: 'Connections of the pool that nobody uses.' },
    () => pool.idleCount,
  );
  metrics.observed(
    { name: 'panda_db_connections_awaited', help: 'Callers that wait for a connection.' },
    () => pool.waitingCount,
  );
  return database;
}

/**
 * The database of a service: `Database` for statements, `DataSource` for configuration entities over the same pool,
 * `OperatorTables` for what operators edit. Waits for the server at start and refuses a schema that is too old.
 */
@Global()
@Module({
  providers: [
    databaseKeys.provider,
    {
      provide: Database,
      useFactory: (config: DatabaseConfig, log: Log, metrics: Metrics) => observedDatabase(config, log, metrics),
      inject: [databaseKeys.token, Log, Metrics],
    },
    { provide: DataSource, useFactory: dataSourceOn, inject: [Database] },
    {
      provide: OperatorTables,
      useFactory: (database: Database, clock: Clock) => new OperatorTables(database, clock),
      inject: [Database, Clock],
    },
    { provide: ConfigRows, useFactory: (database: Database) => new DatabaseConfigRows(database), inject: [Database] },
  ],
  exports: [Database, DataSource, OperatorTables, ConfigRows, databaseKeys.token],
})
export class DatabaseModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly database: Database,
    private readonly source: DataSource,
    @Inject(Log) private readonly log: Log,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Random) private readonly random: Random,
    @Inject(Health) private readonly health: Health,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.reach();
    await this.source.initialize();
    this.health.register('database', async () => {
      await this.database.run(pingDatabase, {});
    });
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.source.isInitialized) await this.source.destroy();
    await this.database.close();
  }

  /** Waits until the server answers; throws at once when the schema is too old for this release. */
  private async reach(): Promise<void> {
    let complained = Number.NEGATIVE_INFINITY;
    for (let attempt = 0; ; attempt++) {
      try {
        return await checkSchema(this.database);
      } catch (error) {
        if (!isTransient(error)) throw error;
        if (this.clock.elapsedMs() - complained > COMPLAIN_EVERY_MS) {
          complained = this.clock.elapsedMs();
          this.log.warn('the database does not answer yet', { error });
        }
      }
      await this.clock.sleep(jittered(this.random, Math.min(START_PAUSE_MAX_MS, 200 * 2 ** attempt), 0.3));
    }
  }
}
