import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ClientError } from '../errors.js';

/** One HTTP exchange. Redirects are never followed: a redirected credential is a lost credential. */
export interface Exchange {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | (() => Readable);
  /** Whole exchange, from connecting to the last byte. */
  readonly timeoutMs: number;
  /** The answer is cut off, with an error, beyond this. Feature I44: a server that replies 10 GB. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface TlsOptions {
  /** False only when the user asked for it (PANDA_VERIFY_HOST=off). */
  readonly verify?: boolean;
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
}

/** Sends exchanges over kept-alive connections; knows nothing of PanDA. */
export class HttpTransport {
  private readonly http = new HttpAgent({ keepAlive: true, maxSockets: 16 });
  private readonly https: HttpsAgent;

  constructor(tls: TlsOptions = {}) {
    const { verify = true, ...rest } = tls;
    this.https = new HttpsAgent({ keepAlive: true, maxSockets: 16, rejectUnauthorized: verify, ...rest });
  }

  /** The whole answer in memory, at most `maxBytes`. Throws PANDA-CLIENT-001, -002, -004. */
  send(exchange: Exchange): Promise<HttpReply> {
    return this.open(exchange, async (message) => ({
      status: message.statusCode ?? 0,
      headers: message.headers,
      body: await readAtMost(message, exchange),
    }));
  }

  /** Hands the answer's stream to `take`; the timeout covers what `take` does. For downloads. */
  open<T>(exchange: Exchange, take: (message: IncomingMessage) => Promise<T>): Promise<T> {
    const url = parseUrl(exchange.url);
    const deadline = AbortSignal.timeout(exchange.timeoutMs);
    const signal = exchange.signal ? AbortSignal.any([deadline, exchange.signal]) : deadline;
    const options: RequestOptions = { method: exchange.method, headers: exchange.headers ?? {}, signal };
    const secure = url.protocol === 'https:';
    return new Promise<T>((resolve, reject) => {
      const fail = (cause: unknown) => reject(asClientError(cause, exchange, deadline.aborted));
      const request = secure
        ? httpsRequest(url, { ...options, agent: this.https })
        : httpRequest(url, { ...options, agent: this.http });
      // A server may refuse before it has read the whole body and close: its answer counts, not our broken pipe.
      let answered = false;
      const failUnanswered = (cause: unknown) => {
        if (!answered) fail(cause);
      };
      request.on('error', failUnanswered);
      request.on('response', (message) => {
        answered = true;
        take(message)
          .then(resolve, fail)
          .finally(() => message.destroy());
      });
      writeBody(request, exchange.body).catch(failUnanswered);
    });
  }

  /** Closes idle connections; a process that ends needs not call it. */
  close(): void {
    this.http.destroy();
    this.https.destroy();
  }
}

async function writeBody(request: ReturnType<typeof httpRequest>, body: Exchange['body']): Promise<void> {
  if (typeof body === 'function') await pipeline(body(), request);
  else request.end(body);
}

async function readAtMost(message: IncomingMessage, exchange: Exchange): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > exchange.maxBytes) {
      message.destroy();
      throw new ClientError('PANDA-CLIENT-004', `the answer of ${bare(exchange.url)} is larger than ${exchange.maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new ClientError('PANDA-CLIENT-001', `'${text}' is not an http or https address`);
}

function asClientError(cause: unknown, exchange: Exchange, timedOut: boolean): ClientError {
  if (cause instanceof ClientError) return cause;
  const url = bare(exchange.url);
  if (timedOut) {
    return new ClientError('PANDA-CLIENT-002', `no complete answer from ${url} within ${exchange.timeoutMs} ms`, { cause });
  }
  const errno = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
  return new ClientError('PANDA-CLIENT-001', `cannot reach ${url}: ${errno}`, { cause, facts: { errno } });
}

/** Query strings may carry names of users and tasks: error messages show the address without them. */
function bare(url: string): string {
  return url.split('?')[0] ?? url;
}
