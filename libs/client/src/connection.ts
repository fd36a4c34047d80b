import { type Envelope, envelopeOf, httpFailure, refusal } from './envelope.js';
import { ClientError } from './errors.js';
import type { TokenSource } from './identity/token-source.js';
import { type Exchange, type HttpReply, HttpTransport, type TlsOptions } from './transport/exchange.js';
import { type MultipartFile, multipart } from './transport/multipart.js';
import { defaultRetry, type RetryPolicy, withRetries } from './transport/retry.js';

export interface ConnectionOptions {
  /** Base of the server, e.g. `https://panda.example.org:25443`; a trailing `/server/panda` is cut off (PANDA_URL_SSL has it). */
  readonly baseUrl: string;
  /** Where sandboxes go; the server itself when absent. */
  readonly cacheUrl?: string;
  readonly token?: TokenSource;
  /** Sent as `Origin`: which community the caller speaks for, `vo` or `vo:role`. */
  readonly vo?: string;
  readonly timeoutMs?: number;
  /** Largest answer of a call (not of a download). */
  readonly maxReplyBytes?: number;
  readonly retry?: Partial<RetryPolicy>;
  readonly tls?: TlsOptions;
  readonly userAgent?: string;
}

export type CallArguments = Readonly<Record<string, unknown>>;

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_REPLY_BYTES = 64 * 1024 * 1024;

/** Speaks to one server: address, credential, retries, limits. The modules of calls are built on it. */
export class Connection {
  readonly baseUrl: string;
  private cacheBase: string;
  private readonly transport: HttpTransport;
  private readonly retry: RetryPolicy;

  constructor(private readonly options: ConnectionOptions) {
    this.baseUrl = serverBase(options.baseUrl);
    this.cacheBase = serverBase(options.cacheUrl ?? options.baseUrl);
    this.transport = new HttpTransport(options.tls);
    this.retry = { ...defaultRetry, ...options.retry };
  }

  get cacheUrl(): string {
    return this.cacheBase;
  }

  /** The cache server that holds a sandbox is known only after asking; later uploads go there too. */
  useCacheHost(host: string): void {
    const url = new URL(this.cacheBase);
    url.hostname = host;
    this.cacheBase = serverBase(url.toString());
  }

  /** GET of API v1. */
  get(path: string, query: CallArguments = {}): Promise<Envelope> {
    return this.v1({ method: 'GET', url: `${this.v1Url(path)}${queryString(query)}` }, path, true);
  }

  /** POST of API v1. `idempotent`: repeating it after a lost answer does no harm. */
  post(path: string, args: CallArguments, idempotent = false): Promise<Envelope> {
    const call = { method: 'POST' as const, url: this.v1Url(path), body: JSON.stringify(args) };
    return this.v1({ ...call, headers: { 'content-type': 'application/json' } }, path, idempotent);
  }

  /**
   * Multipart POST of API v1, streamed; `base` is the cache for sandboxes. The timeout grows with the file.
   * `idempotent`: sending the same bytes again does no harm.
   */
  upload(
    path: string,
    fields: Readonly<Record<string, string | undefined>>,
    file: MultipartFile,
    options: { base?: string; idempotent?: boolean } = {},
  ): Promise<Envelope> {
    const { base = this.baseUrl, idempotent = false } = options;
    const url = `${base}/api/v1/${path}`;
    // 100 kB/s is slower than any link a sandbox or result should be sent over.
    const timeoutMs = this.timeoutMs + Math.ceil(file.size / 100);
    const once = async () => {
      const { headers, body } = multipart(fields, file);
      return envelopeOf(await this.exchange({ method: 'POST', url, headers, body, timeoutMs }), path);
    };
    return this.repeat(idempotent, once);
  }

  /** Runs `once` under this connection's rule of retries. */
  repeat<T>(idempotent: boolean, once: () => Promise<T>): Promise<T> {
    return withRetries(this.retry, idempotent, once);
  }

  /** A method of the classic API (`/server/panda/<method>`), form-encoded; the answer as it is. */
  classic(method: string, form: CallArguments, options: { idempotent?: boolean; accept?: string } = {}): Promise<HttpReply> {
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: options.accept ?? '*/*' };
    const body = queryString(form).slice(1);
    const url = `${this.baseUrl}/server/panda/${method}`;
    return this.repeat(options.idempotent ?? false, () =>
      this.exchange({ method: 'POST', url, headers, body }).then((reply) => {
        if (reply.status >= 400) throw httpFailure(reply, method);
        return reply;
      }),
    );
  }

  /** Plain GET below the server's base; used for probes and cached files. */
  fetch(path: string, base = this.baseUrl): Promise<HttpReply> {
    return this.repeat(true, () => this.exchange({ method: 'GET', url: `${base}/${path.replace(/^\//, '')}` }));
  }

  /**
   * GET whose body is handed over as a stream; not repeated here, since part of it may have been used. `marker` is the header only the
   * wanted bytes carry: an answer without it is a refusal, whatever its status.
   */
  async download<T>(path: string, query: CallArguments, marker: string, take: TakeBody<T>): Promise<T> {
    const url = `${this.v1Url(path)}${queryString(query)}`;
    const exchange = await this.complete({ method: 'GET', url, timeoutMs: 24 * 3_600_000 });
    return this.transport.open(exchange, async (message) => {
      if (message.statusCode !== 200 || message.headers[marker] === undefined) throw await failureOf(message, path);
      return take(message as AsyncIterable<Buffer>, message.headers);
    });
  }

  close(): void {
    this.transport.close();
  }

  private v1(call: PartialExchange, path: string, idempotent: boolean): Promise<Envelope> {
    return this.repeat(idempotent, async () => envelopeOf(await this.exchange(call), path));
  }

  /** One exchange with the caller's identity; a refused credential is renewed once, if its source can. */
  private async exchange(call: PartialExchange): Promise<HttpReply> {
    const reply = await this.transport.send(await this.complete(call));
    if (reply.status !== 401 && reply.status !== 403) return reply;
    const renewed = await this.options.token?.renew?.();
    return renewed === undefined ? reply : this.transport.send(await this.complete(call));
  }

  private async complete(call: PartialExchange): Promise<Exchange> {
    const token = await this.options.token?.token();
    const headers: Record<string, string> = {
      accept: 'application/json',
      'user-agent': this.options.userAgent ?? 'panda-fleet-client',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(this.options.vo === undefined ? {} : { origin: this.options.vo }),
      ...call.headers,
    };
    const maxBytes = this.options.maxReplyBytes ?? DEFAULT_REPLY_BYTES;
    return { timeoutMs: this.timeoutMs, maxBytes, ...call, headers };
  }

  private get timeoutMs(): number {
    return this.options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  }

  private v1Url(path: string): string {
    return `${this.baseUrl}/api/v1/${path}`;
  }
}

export type TakeBody<T> = (body: AsyncIterable<Buffer>, headers: HttpReply['headers']) => Promise<T>;

type PartialExchange = Omit<Exchange, 'timeoutMs' | 'maxBytes'> & Partial<Pick<Exchange, 'timeoutMs'>>;

/** `https://host:port` of an address that may carry the classic path. */
export function serverBase(url: string): string {
  return url.replace(/\/(server\/panda)?\/*$/, '');
}

/** `?a=1&b=2`; lists repeat their key, undefined is left out. */
export function queryString(query: CallArguments): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    const values = Array.isArray(value) ? value : [value];
    for (const item of values) if (item !== undefined) search.append(key, String(item));
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

async function failureOf(message: AsyncIterable<Buffer> & { statusCode?: number; headers: HttpReply['headers'] }, about: string) {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    size += chunk.length;
    chunks.push(chunk);
    if (size > 64 * 1024) break;
  }
  const reply = { status: message.statusCode ?? 0, headers: message.headers, body: Buffer.concat(chunks) };
  if (reply.status !== 200) return httpFailure(reply, about);
  const envelope = envelopeOf(reply, about);
  if (!envelope.success) return refusal(envelope, about);
  return new ClientError('PANDA-CLIENT-003', `${about}: the server sent a JSON answer instead of a file`);
}
