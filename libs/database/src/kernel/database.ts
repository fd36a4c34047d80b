import pg from 'pg';
import { runOn } from './run-on.js';
import type { Statement } from './statement.js';
import { isTransient, wasTakenBack } from './transient.js';

/** Anything a repository can run statements on: the database itself (one statement) or a transaction. */
export interface Session {
  run<P extends object, R>(statement: Statement<P, R>, params: P): Promise<R[]>;
}

/** An open transaction. Hooks run after COMMIT only, in order (wake-ups of the outbox relay, metrics). */
export interface Tx extends Session {
  afterCommit(hook: () => void): void;
  /** The driver's client, for COPY streams only. */
  readonly client: pg.PoolClient;
}

export interface TransactionOptions {
  /** Attempts for transient failures (deadlock, serialization, lost connection before COMMIT). Source: reliability TX6. */
  attempts?: number;
  readOnly?: boolean;
}

// bigint ids stay JS numbers; above 2^53 the driver throws instead of rounding. Timestamps without zone are UTC.
const SAFE_BIGINT = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit a JS number`);
  return value;
};
const INT8_ARRAY = 1016;
const bigintArray = (text: string): (number | null)[] =>
  text === '{}'
    ? []
    : text
        .slice(1, -1)
        .split(',')
        .map((part) => (part === 'NULL' ? null : SAFE_BIGINT(part)));
const types = {
  getTypeParser(oid: number, format?: string) {
    if (format !== 'binary') {
      if (oid === pg.types.builtins.INT8) return SAFE_BIGINT;
      if (oid === INT8_ARRAY) return bigintArray;
      if (oid === pg.types.builtins.NUMERIC) return Number;
      if (oid === pg.types.builtins.TIMESTAMP) return (text: string) => new Date(`${text.replace(' ', 'T')}Z`);
    }
    return pg.types.getTypeParser(oid, format as 'text');
  },
};

export interface PoolSettings {
  url: string;
  /** Connections of this process; few beat many (performance §1a). */
  max: number;
  applicationName: string;
  statementTimeoutMs: number;
  lockTimeoutMs: number;
  idleInTransactionMs: number;
}

export function openPool(settings: PoolSettings): pg.Pool {
  const pool = new pg.Pool({
    connectionString: settings.url,
    max: settings.max,
    application_name: settings.applicationName,
    connectionTimeoutMillis: 10_000,
    types: types as unknown as pg.CustomTypesConfig,
    // Generic plans: planning one hot statement costs more than running it. JIT never pays for statements of milliseconds.
    options: `-c timezone=UTC -c plan_cache_mode=force_generic_plan -c jit=off -c search_path=doma_panda,public -c statement_timeout=${settings.statementTimeoutMs} -c lock_timeout=${settings.lockTimeoutMs} -c idle_in_transaction_session_timeout=${settings.idleInTransactionMs}`,
  });
  // An idle connection that dies must not kill the process; the pool replaces it at the next use.
  pool.on('error', () => undefined);
  return pool;
}

/** Told about each statement: its name, how long the caller waited (ms), and the rows it got; −1: it failed. */
export type StatementObserver = (name: string, ms: number, rows: number) => void;

/** Tries of a transaction or statement. TX6. */
const ATTEMPTS = 5;

function backoffMs(attempt: number): number {
  return Math.random() * Math.min(1_000, 20 * 2 ** attempt);
}

/** The one door to PostgreSQL: named statements and transactions with the retry rule of reliability TX6. */
export class Database implements Session {
  constructor(
    readonly pool: pg.Pool,
    private readonly observe: StatementObserver = () => undefined,
  ) {}

  /** One statement, a transaction of its own; sent again when the server took it back (deadlock, lock not available). */
  async run<P extends object, R>(statement: Statement<P, R>, params: P): Promise<R[]> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.observed(this.pool, statement, params);
      } catch (error) {
        if (attempt >= ATTEMPTS || !wasTakenBack(error)) throw error;
        await pause(backoffMs(attempt));
      }
    }
  }

  async transaction<T>(work: (tx: Tx) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const attempts = options.attempts ?? ATTEMPTS;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.attempt(work, options.readOnly ?? false);
      } catch (error) {
        if (attempt >= attempts || !isTransient(error)) throw error;
        await pause(backoffMs(attempt));
      }
    }
  }

  private async observed<P extends object, R>(on: pg.Pool | pg.PoolClient, statement: Statement<P, R>, params: P): Promise<R[]> {
    const from = performance.now();
    let rows = -1;
    try {
      const result = await runOn(on, statement, params);
      rows = result.length;
      return result;
    } finally {
      this.observe(statement.name, performance.now() - from, rows);
    }
  }

  private async attempt<T>(work: (tx: Tx) => Promise<T>, readOnly: boolean): Promise<T> {
    const client = await this.pool.connect();
    // The pool listens to idle clients only: without this, a connection cut during the work would end the process.
    client.on('error', reportedByTheNextQuery);
    const hooks: (() => void)[] = [];
    const tx: Tx = {
      client,
      run: (statement, params) => this.observed(client, statement, params),
      afterCommit: (hook) => hooks.push(hook),
    };
    let broken: Error | undefined;
    try {
      await client.query(readOnly ? 'BEGIN READ ONLY' : 'BEGIN');
      const result = await work(tx);
      try {
        await client.query('COMMIT');
      } catch (error) {
        throw new UnknownOutcome(error);
      }
      for (const hook of hooks) hook();
      return result;
    } catch (error) {
      broken = await rollback(client, error);
      throw error;
    } finally {
      client.off('error', reportedByTheNextQuery);
      client.release(broken);
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

/** The connection was lost during COMMIT: the caller must look up its key before it repeats (reliability TX6). */
export class UnknownOutcome extends Error {
  constructor(override readonly cause: unknown) {
    super('the outcome of COMMIT is unknown');
    this.name = 'UnknownOutcome';
  }
}

async function rollback(client: pg.PoolClient, error: unknown): Promise<Error | undefined> {
  if (error instanceof UnknownOutcome) return error;
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (rollbackError) {
    return rollbackError as Error; // the connection is unusable: the pool destroys it
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function reportedByTheNextQuery(): void {
  // The work's next statement, or COMMIT, fails with the same error.
}
