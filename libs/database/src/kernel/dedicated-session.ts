import pg from 'pg';
import type { Database, Session } from './database.js';
import { runOn } from './run-on.js';
import type { Statement } from './statement.js';

export interface DedicatedOptions {
  /** The server ends the session when this process is silent for longer, which frees its locks; 0 never does. */
  readonly idleLimitMs?: number;
}

/**
 * A connection outside the pool, for what belongs to a session: LISTEN and session-level locks. It does not come back:
 * when `lost` aborts, its owner opens another one and looks at what it may have missed.
 */
export class DedicatedSession implements Session {
  private readonly losing = new AbortController();
  private readonly listeners = new Map<string, (payload: string) => void>();
  private last: Promise<unknown> = Promise.resolve();

  private constructor(private readonly client: pg.Client) {
    client.on('error', () => this.losing.abort());
    client.on('end', () => this.losing.abort());
    client.on('notification', ({ channel, payload }) => this.listeners.get(channel)?.(payload ?? ''));
  }

  /** Connects with the settings of the database's pool. */
  static async open(database: Database, options: DedicatedOptions = {}): Promise<DedicatedSession> {
    const { connectionString, options: settings, types, application_name } = database.pool.options;
    const idle = options.idleLimitMs ? ` -c idle_session_timeout=${options.idleLimitMs}` : '';
    const client = new pg.Client({
      connectionString,
      types,
      application_name,
      options: `${settings ?? ''}${idle}`,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    });
    const session = new DedicatedSession(client);
    await client.connect();
    return session;
  }

  /** Aborts when the connection is gone. */
  get lost(): AbortSignal {
    return this.losing.signal;
  }

  run<P extends object, R>(statement: Statement<P, R>, params: P): Promise<R[]> {
    return this.inTurn(() => runOn(this.client, statement, params));
  }

  /** Hears notifications of a channel from now on; one listener a channel. */
  async listen(channel: string, heard: (payload: string) => void): Promise<void> {
    this.listeners.set(channel, heard);
    await this.inTurn(() => this.client.query(`LISTEN ${pg.escapeIdentifier(channel)}`));
  }

  async close(): Promise<void> {
    this.listeners.clear();
    await this.client.end();
  }

  /** A connection answers one statement at a time, and its driver is going to refuse a second one meanwhile. */
  private inTurn<T>(ask: () => Promise<T>): Promise<T> {
    const answer = this.last.then(ask);
    this.last = answer.catch(() => undefined); // the failure is the caller's; the next one has its turn all the same
    return answer;
  }
}
