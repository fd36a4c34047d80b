import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { classic, raw } from '../testing/calls.js';
import { startGateway, type TestGateway } from '../testing/gateway.js';

const BODY_MS = 300;
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway({ bodyTimeout: BODY_MS });
}, 60_000);
afterAll(() => gateway.close());

/** Opens a request and sends half of its body. */
async function half(path: string, type = 'application/x-www-form-urlencoded'): Promise<Socket> {
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: 100\r\n\r\na=1`);
  return socket;
}

const lines = () => gateway.log.lines.filter(({ message }) => message === 'a request broke off');

async function told(n: number) {
  while (lines().length < n) await new Promise(setImmediate);
  return lines().at(-1);
}

describe('a request whose body does not come to its end', () => {
  it('is one quiet line when the client goes away, and counted', async () => {
    const socket = await half('/server/panda/isAlive');
    socket.end();
    const line = await told(1);
    expect(line).toMatchObject({ level: 'info', facts: { reason: 'gone' } });
    expect(line?.facts).not.toHaveProperty('error');
    expect(gateway.log.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
    expect((await raw(gateway, '/metrics', {})).text).toMatch(
      /^panda_gateway_unfinished_requests_total\{.*reason="gone".*\} 1$/m,
    );
    expect((await classic(gateway, 'isAlive', {})).text).toBe('alive=yes');
  });

  it('is cut off after its time, and a file has more of it', async () => {
    const upload = await half('/server/panda/putFile', 'multipart/form-data; boundary=b');
    const before = lines().length;
    const slow = await half('/server/panda/isAlive');
    await once(slow, 'close');
    expect((await told(before + 1))?.facts).toMatchObject({ reason: 'slow' });
    expect(upload.closed).toBe(false);
    upload.destroy();
  });
});
