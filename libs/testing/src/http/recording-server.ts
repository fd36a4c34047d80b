import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An object as body becomes JSON. */
export interface PlainAnswer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: string | Buffer | object;
}

/** A function writes the response itself: slow, endless or broken answers. */
export type RecordedAnswer = PlainAnswer | ((response: ServerResponse) => void);

export type RecordedHandler = (request: RecordedRequest) => RecordedAnswer | Promise<RecordedAnswer>;

/** A real HTTP server that answers as a test says and keeps what it was asked. Unknown paths get 404, as from the real server. */
export class RecordingServer {
  readonly requests: RecordedRequest[] = [];
  readonly url: string;
  private readonly handlers = new Map<string, RecordedHandler>();

  private constructor(private readonly server: Server) {
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<RecordingServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const recording = new RecordingServer(server);
    server.on('request', (request, response) => {
      recording.answer(request, response).catch((error: Error) => response.writeHead(500).end(error.message));
    });
    return recording;
  }

  /** Answers `GET /path` or `POST /path`; the latest word for a path counts. */
  on(route: string, answer: PlainAnswer | RecordedHandler): this {
    this.handlers.set(route, typeof answer === 'function' ? answer : () => answer);
    return this;
  }

  /** Answers a call of API v1 with a successful envelope. */
  onV1(route: string, data: unknown, message = ''): this {
    const [method, path] = route.split(' ');
    return this.on(`${method} /api/v1/${path}`, { body: { success: true, message, data } });
  }

  /** The requests of one route, oldest first. */
  to(route: string): RecordedRequest[] {
    return this.requests.filter((request) => `${request.method} ${request.path}` === route);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await recorded(message);
    this.requests.push(request);
    const handler = this.handlers.get(`${request.method} ${request.path}`);
    const answer = handler ? await handler(request) : { status: 404, body: 'not found' };
    if (typeof answer === 'function') return answer(response);
    const { status = 200, headers = {}, body } = answer;
    const isText = typeof body === 'string' || Buffer.isBuffer(body);
    const type = isText ? 'text/plain' : 'application/json';
    response.writeHead(status, { 'content-type': type, ...headers }).end(isText ? body : JSON.stringify(body));
  }
}

async function recorded(message: IncomingMessage): Promise<RecordedRequest> {
  const url = new URL(message.url ?? '/', 'http://localhost');
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const { pathname: path, searchParams: query } = url;
  return { method: message.method ?? '', path, query, headers: message.headers, body: Buffer.concat(chunks) };
}
