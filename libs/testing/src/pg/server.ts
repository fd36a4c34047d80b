import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { environment } from '@panda/config';
import pg from 'pg';

export interface TestServer {
  /** URL of a database of this server. */
  url(database: string): string;
  /** How it was found, said once per process. */
  readonly origin: string;
}

/**
 * The PostgreSQL server tests run on: `DATABASE_URL`; else a container, when Docker answers; else the server on this
 * machine's port 5432 that lets us in without password.
 */
export async function findServer(): Promise<TestServer> {
  const env = environment();
  if (env.DATABASE_URL) return byUrl(env.DATABASE_URL, 'DATABASE_URL');
  const docker = existsSync('/var/run/docker.sock') && env.TESTCONTAINERS !== 'off';
  const found = (docker ? await container().catch(() => undefined) : undefined) ?? (await running());
  if (!found) throw new Error('no PostgreSQL here: run `npm test`, which starts a private one, or set DATABASE_URL');
  return found;
}

function byUrl(template: string, origin: string): TestServer {
  return {
    origin,
    url: (database) => {
      const url = new URL(template);
      url.pathname = `/${database}`;
      return url.toString();
    },
  };
}

async function container(): Promise<TestServer> {
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const started = await new PostgreSqlContainer('postgres:15').withReuse().start();
  return byUrl(started.getConnectionUri(), `container ${started.getName()}`);
}

async function running(): Promise<TestServer | undefined> {
  for (const user of new Set(['postgres', userInfo().username])) {
    const url = `postgresql://${user}@127.0.0.1:5432/postgres`;
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    const may = await client
      .connect()
      .then(() => client.query('SELECT rolcreatedb OR rolsuper AS may FROM pg_roles WHERE rolname = current_user'))
      .then((result) => result.rows[0]?.may === true && Number.parseInt(`${serverVersion(client)}`, 10) >= 15)
      .catch(() => false); // no server, or it does not let us in: the next candidate
    await client.end().catch(() => undefined);
    if (may) return byUrl(url, `the server on 127.0.0.1:5432 as ${user}`);
  }
  return undefined;
}

function serverVersion(client: pg.Client): string {
  return (client as unknown as { serverVersion?: string }).serverVersion ?? '15';
}
