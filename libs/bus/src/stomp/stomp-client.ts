import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import stompit, { type Client, type Message } from 'stompit';
import { BusUnavailable } from '../failure.js';
import type { StompServer } from './processor-config.js';

export interface Address {
  readonly host: string;
  readonly port: number;
  /** Name the certificate of a TLS server must have. */
  readonly name: string;
}

const CONNECT_LIMIT_MS = 10_000;
/** Both sides send something at least this often, or the connection counts as lost. */
const HEARTBEAT_MS = 10_000;

/** Every address a host name stands for: one connection each. */
export async function addressesOf({ host, port }: { host: string; port: number }): Promise<Address[]> {
  const found = await lookup(host, { all: true });
  return [...new Set(found.map(({ address }) => address))].map((address) => ({ host: address, port, name: host }));
}

/** A STOMP session. Throws {@link BusUnavailable} when the server cannot be reached or refuses. */
export function openStomp(server: StompServer, { host, port, name }: Address): Promise<Client> {
  const options = {
    host,
    port,
    timeout: CONNECT_LIMIT_MS,
    ssl: server.useSsl,
    ...(server.useSsl ? { servername: name } : {}),
    ...(server.certFile === null ? {} : { cert: readFileSync(server.certFile) }),
    ...(server.keyFile === null ? {} : { key: readFileSync(server.keyFile) }),
    connectHeaders: {
      host: server.vhost ?? '/',
      'heart-beat': `${HEARTBEAT_MS},${HEARTBEAT_MS}`,
      ...(server.username === null ? {} : { login: server.username }),
      ...(server.passcode === null ? {} : { passcode: server.passcode }),
    },
  };
  return new Promise((resolve, reject) => {
    const opening = stompit.connect(options, (error, client) => {
      if (error) {
        reject(new BusUnavailable(`${server.name} (${host}:${port}): ${error.message}`, { cause: error }));
      } else {
        readErrors(client);
        resolve(client);
      }
    });
    // A session may fail more than once; who uses it listens for the first failure.
    opening.on('error', () => undefined);
    opening.once('socket-connect', () => queueMicrotask(() => readErrors(opening)));
  });
}

/**
 * Reads ERROR frames instead of stompit 1.0, which destroys the session while the frame is still being read: the frame's own
 * error event then has no listener and ends the process. A wrong password is enough for that. Needed once before CONNECTED
 * and once after, when stompit sets its handlers anew.
 */
function readErrors(client: Client): void {
  client.setCommandHandler('ERROR', (frame) => {
    frame.on('error', () => undefined); // what there is of the text is enough
    const refusal = (text: string): void =>
      client.destroy(new Error([frame.headers.message, text.trim()].filter(Boolean).join(': ')));
    bodyOf(frame).then(
      (body) => refusal(body.toString('utf8')),
      () => refusal(''),
    );
  });
}

const BODY_BYTES_MAX = 16 * 1024 * 1024;

/** The whole body of a frame. Throws RangeError above 16 MiB. */
export async function bodyOf(message: Message): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    size += (chunk as Buffer).length;
    if (size <= BODY_BYTES_MAX) chunks.push(chunk as Buffer);
  }
  if (size > BODY_BYTES_MAX) throw new RangeError(`a body of ${size} bytes exceeds ${BODY_BYTES_MAX}`);
  return Buffer.concat(chunks);
}
