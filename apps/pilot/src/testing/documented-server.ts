import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { transforms } from './worker-node.js';

export type Update = Readonly<Record<string, string>>;

interface Waiter {
  readonly wanted: (update: Update) => boolean;
  readonly seen: (update: Update) => void;
}

/**
 * The part of the classic wire that a pilot uses, as documented: getJob, updateJob, updateWorkerPilotStatus, queue and storage data,
 * transforms. It keeps what it was told; a test puts jobs, commands and troubles in.
 */
export class DocumentedServer {
  readonly jobs: Record<string, unknown>[] = [];
  readonly updates: Update[] = [];
  readonly requests: { method: string; fields: Update; headers: IncomingMessage['headers'] }[] = [];
  /** Answered once each, oldest first, as the command of an update. */
  readonly commands: string[] = [];
  /** Says whether an update is refused: an HTTP status, or a whole body. */
  trouble: (update: Update) => number | string | undefined = () => undefined;
  /** Hears of each request before it is answered. */
  asked: (method: string) => void = () => undefined;
  queueData: unknown = {};
  storageData: unknown = {};
  private waiters: Waiter[] = [];

  readonly url: string;

  private constructor(private readonly server: Server) {
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async open(): Promise<DocumentedServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const documented = new DocumentedServer(server);
    server.on('request', (request, response) => {
      documented.answer(request, response).catch((error: Error) => response.writeHead(500).end(error.message));
    });
    return documented;
  }

  /** The last words about a job. */
  get finals(): Update[] {
    return this.updates.filter((update) => update.endTime !== undefined);
  }

  /** Resolves with the first update, past or coming, that is wanted. */
  update(wanted: (update: Update) => boolean): Promise<Update> {
    const known = this.updates.find(wanted);
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((seen) => this.waiters.push({ wanted, seen }));
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const fields = await readFields(request);
    const method = path.slice(path.lastIndexOf('/') + 1);
    this.requests.push({ method, fields, headers: request.headers });
    this.asked(method);
    if (path === '/server/panda/getJob') return json(response, this.nextJob());
    if (path === '/server/panda/updateJob') return this.takeUpdate(fields, response);
    if (path === '/server/panda/updateWorkerPilotStatus') return json(response, { StatusCode: 0 });
    if (path.startsWith('/cache/schedconfig/')) return json(response, this.queueData);
    if (path === '/cache/ddmendpoints.json') return json(response, this.storageData);
    if (path.startsWith('/trf/user/')) return sendFile(response, join(transforms, 'user', path.slice('/trf/user/'.length)));
    response.writeHead(404).end();
  }

  private nextJob(): Record<string, unknown> {
    const job = this.jobs.shift();
    return job === undefined ? { StatusCode: 20, errorDialog: 'no jobs in PanDA' } : { StatusCode: 0, ...job };
  }

  private takeUpdate(update: Update, response: ServerResponse): void {
    const trouble = this.trouble(update);
    if (typeof trouble === 'number') response.writeHead(trouble).end();
    else if (typeof trouble === 'string') response.end(trouble);
    else this.accept(update, response);
  }

  private accept(update: Update, response: ServerResponse): void {
    this.updates.push(update);
    json(response, { StatusCode: 0, command: this.commands.shift() ?? 'NULL' });
    const met = this.waiters.filter(({ wanted }) => wanted(update));
    this.waiters = this.waiters.filter((waiter) => !met.includes(waiter));
    for (const { seen } of met) seen(update);
  }
}

async function readFields(request: IncomingMessage): Promise<Update> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  if (request.headers['content-type'] !== 'application/json') return Object.fromEntries(new URLSearchParams(body.toString()));
  const values = JSON.parse((body[0] === 0x1f ? gunzipSync(body) : body).toString()) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

function json(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
}

function sendFile(response: ServerResponse, path: string): void {
  try {
    response.end(readFileSync(path));
  } catch {
    response.writeHead(404).end();
  }
}
