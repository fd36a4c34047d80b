import { tryBroker } from '@panda/bus';
import { type BoxDatabase, createDatabase, DATABASE } from './database.js';

/** A server the fleet needs is not there: said in one sentence with what to do, because the user can mend it and a stack cannot. */
export class ServerMissing extends Error {
  constructor(what: string, where: string, key: string, cause: unknown) {
    super(
      `${what} at ${where} cannot be used: ${reasonOf(cause)}\n` +
        `Start it, or say with ${key} where another one is. \`npm start\` runs the whole fleet without any server of yours.`,
      { cause },
    );
    this.name = 'ServerMissing';
  }
}

/** A database on a server that is there already: the URL names it, it is created when missing. Throws {@link ServerMissing}. */
export async function givenDatabase(url: string): Promise<BoxDatabase> {
  const server = new URL(url);
  const name = decodeURIComponent(server.pathname.slice(1)) || DATABASE;
  server.pathname = '/postgres';
  await createDatabase(server.href, name).catch((error: unknown) => {
    throw new ServerMissing('PostgreSQL', server.host, 'PANDA_FLEET_DATABASE_URL', error);
  });
  server.pathname = `/${name}`;
  return { url: server.href, description: `PostgreSQL at ${server.host}, database ${name}`, stop: async () => undefined };
}

/** Makes sure a broker answers there and lets us in. Throws {@link ServerMissing}. */
export async function givenBroker(url: string): Promise<void> {
  await tryBroker(url).catch((error: unknown) => {
    throw new ServerMissing('RabbitMQ', new URL(url).host, 'PANDA_FLEET_AMQP_URL', error);
  });
}

/** A connection that fails on all addresses of a host is an AggregateError without a message of its own. */
function reasonOf(error: unknown): string {
  const { message, code } = error as Error & { code?: string };
  return message || code || String(error);
}
