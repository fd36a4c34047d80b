import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { givenBroker, givenDatabase } from './given-servers.js';
import { untilReady } from './ready.js';
import { requireEntries } from './services.js';

/** A port nobody listens on: it was ours a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('what the fleet finds missing', () => {
  it('is told with the server, the reason and the setting, without the password', async () => {
    const port = await closedPort();
    const message = `ECONNREFUSED 127.0.0.1:${port}\nStart it, or say with `;
    const database = givenDatabase(`postgresql://panda:geheim@127.0.0.1:${port}/panda`);
    await expect(database).rejects.toThrow(`${message}PANDA_FLEET_DATABASE_URL`);
    const broker = givenBroker(`amqp://panda:geheim@127.0.0.1:${port}`);
    await expect(broker).rejects.toThrow(`${message}PANDA_FLEET_AMQP_URL`);
    await expect(database).rejects.not.toThrow('geheim');
    await expect(broker).rejects.not.toThrow('geheim');
  });

  it('is a service that is not compiled, named before anything starts', () => {
    const there = { name: 'gateway', entry: process.execPath, servesApi: true };
    const absent = { name: 'daemon', entry: `${process.execPath}.not-there`, servesApi: false };
    expect(() => requireEntries([there])).not.toThrow();
    expect(() => requireEntries([there, absent])).toThrow('not compiled: daemon; run `npm run compile`');
  });
});

describe('waiting for a service', () => {
  const never = new AbortController().signal;

  it('ends when it is ready, and passes on the check that keeps it from that', async () => {
    let ready = false;
    const server = createHttpServer((_, reply) => {
      reply.writeHead(ready ? 200 : 503).end('{"ok":false,"checks":{"bus":"not connected"}}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/readyz`;
    try {
      await expect(untilReady('daemon', url, 1, never)).rejects.toThrow(/^daemon was not ready .*not connected/);
      ready = true;
      await untilReady('daemon', url, 60_000, never);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('ends at once when nobody waits any more', async () => {
    const url = `http://127.0.0.1:${await closedPort()}/readyz`;
    const stop = new AbortController();
    const waiting = untilReady('daemon', url, 3_600_000, stop.signal);
    stop.abort(new Error('interrupted'));
    await expect(waiting).rejects.toThrow('interrupted');
  });
});
