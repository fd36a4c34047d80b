import { type AddressInfo, createServer, type Server } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { environment } from '@panda/config';
import { installedRabbit, isBroker, startRabbit } from '@panda/testing';
import { sharedBroker } from './rabbitmq.js';

async function listening(server: Server): Promise<{ host: string; port: number }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

describe('the broker of the tests', () => {
  it('is recognised by its answer; a foreign, silent or closed port is none', async () => {
    const broker = createServer((socket) => socket.once('data', () => socket.end(Buffer.from([1, 0, 0]))));
    const foreign = createServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 400')));
    const silent = createServer();
    try {
      expect(await isBroker(await listening(broker))).toBe(true);
      expect(await isBroker(await listening(foreign))).toBe(false);
      expect(await isBroker(await listening(silent), 50)).toBe(false);
    } finally {
      for (const server of [broker, foreign, silent]) server.close();
    }
    expect(await isBroker({ host: '127.0.0.1', port: 1 })).toBe(false);
  });

  it('is named without its password when it is given', async () => {
    expect(await sharedBroker({ AMQP_URL: 'amqp://u:p@mq/x' })).toMatchObject({ origin: 'AMQP_URL amqp://u:***@mq/x' });
  });

  const program = installedRabbit();
  (program ? it : it.skip)(
    'is started privately where the server is installed and none runs, and is gone afterwards',
    async () => {
      const broker = await startRabbit(program as string, environment());
      const at = { host: '127.0.0.1', port: Number(new URL(broker.url).port) };
      try {
        expect(await isBroker(at)).toBe(true);
      } finally {
        await broker.stop();
      }
      expect(await isBroker(at)).toBe(false);
    },
    90_000,
  );
});
