import { type AddressInfo, createServer, type Server } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { describeRabbit, isBroker } from './rabbitmq.js';

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
    expect(await describeRabbit({ AMQP_URL: 'amqp://u:p@mq/x' })).toBe('AMQP_URL amqp://u:***@mq/x');
  });
});
