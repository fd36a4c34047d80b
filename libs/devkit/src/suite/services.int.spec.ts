import { type AddressInfo, createServer, type Server } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { describePostgres, describeRabbit, firstByte, installedPostgres } from './services.js';

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe('what the tests say about their services', () => {
  it('names a given address without its password', async () => {
    const said = await describePostgres({ DATABASE_URL: 'postgres://panda:secret@db:5432/panda' });
    expect(said).toBe('PostgreSQL: DATABASE_URL postgres://panda:***@db:5432/panda');
    expect(await describeRabbit({ AMQP_URL: 'amqp://u:p@mq' })).toBe('RabbitMQ: AMQP_URL amqp://u:***@mq');
  });

  it('recognises a server by its answer, a silent or closed port by the absence of one', async () => {
    const polite = createServer((socket) => socket.once('data', () => socket.end(Buffer.from('N'))));
    const silent = createServer();
    const closed = createServer();
    try {
      expect(await firstByte(await listening(polite), Buffer.from('hello'))).toBe(0x4e);
      expect(await firstByte(await listening(silent), Buffer.from('hello'), 50)).toBeUndefined();
      const port = await listening(closed);
      await new Promise((resolve) => closed.close(resolve));
      expect(await firstByte(port, Buffer.from('hello'))).toBeUndefined();
    } finally {
      polite.close();
      silent.close();
    }
  });

  it('looks for a PostgreSQL server on the PATH and where Debian puts it', () => {
    const found = installedPostgres({ PATH: '/nonexistent' });
    expect(found === undefined || /^\/usr\/lib\/postgresql\/\d+\/bin$/.test(found)).toBe(true);
  });
});
