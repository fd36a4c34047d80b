import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RecordingServer } from '@panda/testing';
import type { ConnectionOptions } from './connection.js';
import { type TokenSource, tokenFromFile } from './identity/token-source.js';
import { PandaClient } from './panda-client.js';

let server: RecordingServer;
let pauses: number[];

beforeEach(async () => {
  server = await RecordingServer.start();
  pauses = [];
});
afterEach(() => server.close());

function client(options: Partial<ConnectionOptions> = {}): PandaClient {
  const retry = { sleep: async (ms: number) => void pauses.push(ms), random: () => 0.5 };
  return new PandaClient({ baseUrl: `${server.url}/server/panda`, retry, ...options });
}

const alive = { body: { success: true, message: '', data: null } };

describe('a connection', () => {
  it('takes the classic base URL and calls API v1 beside it, with token and community', async () => {
    server.on('GET /api/v1/system/is_alive', alive);
    const token = { token: async () => 'abc' };
    await expect(client({ token, vo: 'wlcg' }).system.health()).resolves.toMatchObject({ alive: true });
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer abc',
      origin: 'wlcg',
      accept: 'application/json',
    });
  });

  it('repeats a read after a failure of the server, each pause longer', async () => {
    server.on('GET /api/v1/task/get_status', () =>
      server.requests.length < 3 ? { status: 502, body: 'bad gateway' } : { body: { success: true, message: '', data: 'x' } },
    );
    await expect(client().tasks.status(1)).resolves.toBe('x');
    expect(pauses).toEqual([250, 500]);
  });

  it('does not repeat a submission that may have been stored', async () => {
    server.on('POST /api/v1/task/submit', { status: 500, body: 'oops' });
    await expect(client().tasks.submit({ taskName: 'a' })).rejects.toMatchObject({ code: 'PANDA-CLIENT-009', kind: 'transient' });
    expect(server.requests).toHaveLength(1);
  });

  it('repeats even a submission when the server asks to come back later, after the pause it asks for', async () => {
    server.on('POST /api/v1/task/submit', () =>
      server.requests.length === 1
        ? { status: 429, headers: { 'retry-after': '7' }, body: 'slow down' }
        : { body: { success: true, message: 'succeeded. new jediTaskID=12345678', data: 12345678 } },
    );
    await expect(client().tasks.submit({})).resolves.toMatchObject({ jediTaskId: 12345678 });
    expect(pauses).toEqual([7_000]);
  });

  it('does not wait for a server that asks for an hour', async () => {
    server.on('GET /api/v1/task/get_status', { status: 503, headers: { 'retry-after': '3600' }, body: '' });
    await expect(client().tasks.status(1)).rejects.toMatchObject({ code: 'PANDA-CLIENT-009' });
    expect(pauses).toEqual([]);
  });

  it('says so when nothing listens', async () => {
    await server.close();
    const call = client().tasks.status(1);
    await expect(call).rejects.toMatchObject({ code: 'PANDA-CLIENT-001', message: expect.stringContaining('ECONNREFUSED') });
    server = await RecordingServer.start();
  });

  it('gives up on an answer that never comes', async () => {
    server.on('GET /api/v1/system/is_alive', () => () => undefined);
    const call = client({ timeoutMs: 50, retry: { attempts: 1 } }).system.health();
    await expect(call).rejects.toMatchObject({ code: 'PANDA-CLIENT-002' });
  });

  it('stops reading an endless answer at the size cap', async () => {
    server.on('GET /api/v1/system/is_alive', () => (response) => {
      const more = () => {
        while (response.write('x'.repeat(65_536)));
        response.once('drain', more);
      };
      response.writeHead(200);
      more();
    });
    await expect(client({ maxReplyBytes: 1_000_000 }).system.health()).rejects.toMatchObject({ code: 'PANDA-CLIENT-004' });
  });

  it('shows a web page that answers instead of the server as one plain line', async () => {
    server.on('GET /api/v1/system/is_alive', { body: '<html><b>Login\u001b[31m</b>\n please</html>' });
    await expect(client().system.health()).rejects.toMatchObject({
      code: 'PANDA-CLIENT-003',
      message: 'system/is_alive: the answer is not JSON: Login [31m please',
    });
  });

  it('does not evaluate a Python literal', async () => {
    server.on('GET /api/v1/system/is_alive', { body: "{'success': True}" });
    await expect(client().system.health()).rejects.toMatchObject({ code: 'PANDA-CLIENT-003' });
  });

  it('does not follow a redirection with its credential', async () => {
    server.on('GET /api/v1/system/is_alive', { status: 302, headers: { location: 'http://elsewhere/' }, body: '' });
    await expect(client().system.health()).rejects.toMatchObject({ code: 'PANDA-CLIENT-003' });
  });

  it('shows the sentence of an HTTP error, from an envelope and from plain text', async () => {
    const line = 'ERROR : method x is forbidden';
    for (const body of [line, JSON.stringify({ success: false, message: line, data: null })]) {
      server.on('GET /api/v1/system/is_alive', { status: 403, body });
      await expect(client().system.health()).rejects.toMatchObject({ message: `system/is_alive: HTTP 403 ${line}` });
    }
  });

  it('renews a refused token once', async () => {
    let current = 'old';
    const token: TokenSource = {
      token: async () => current,
      renew: async () => {
        current = 'new';
        return current;
      },
    };
    server.on('GET /api/v1/system/is_alive', ({ headers }) =>
      headers.authorization === 'Bearer new' ? alive : { status: 403, body: 'ERROR : Token authentication failed. expired' },
    );
    await expect(client({ token }).system.health()).resolves.toMatchObject({ alive: true });
    expect(server.requests).toHaveLength(2);
  });

  it.each([
    ['SSL secure connection is required', 'unauthenticated'],
    ['not the task owner or no production role', 'forbidden'],
    ['Task not found', 'notFound'],
    ['Command rejected: the kill command is not accepted if the task is in done status', 'conflict'],
    ['Argument error: missing task_id', 'invalid'],
  ])('knows the kind of "%s"', async (message, kind) => {
    server.on('GET /api/v1/task/get_status', { body: { success: false, message, data: null } });
    await expect(client().tasks.status(1)).rejects.toMatchObject({ kind, message });
  });

  it('passes on the code and hint of a server that has them', async () => {
    const error = { code: 'PANDA-TASK-004', hint: 'Wait.' };
    server.on('GET /api/v1/task/get_status', { body: { success: false, message: 'no', data: null, error } });
    await expect(client().tasks.status(1)).rejects.toMatchObject(error);
  });
});

describe('a token file', () => {
  it('is read without its line end, and refused when it holds no token', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'panda-token-'));
    const file = join(directory, 'token');
    await writeFile(file, 'abc\n');
    await expect(tokenFromFile(file).token()).resolves.toBe('abc');
    await writeFile(file, '<html> no\n');
    await expect(tokenFromFile(file).token()).rejects.toMatchObject({ code: 'PANDA-CLIENT-010' });
    await expect(tokenFromFile(`${file}.not`).token()).rejects.toMatchObject({ code: 'PANDA-CLIENT-010' });
    await rm(directory, { recursive: true });
  });
});
