import { gzipSync } from 'node:zlib';
import { excerpt, type HttpReply, type HttpTransport, queryString, type TokenSource } from '@panda/client';
import type { JobServer } from './job-server.js';

export type Fields = Readonly<Record<string, string | number | boolean | undefined>>;

/** StatusCode of the classic pilot calls. pandaserver/jobdispatcher/Protocol.py. */
export const statusCodes = { success: 0, timeOut: 10, noJobs: 20, failed: 30 } as const;

/** The server gave no answer that counts: unreachable, an HTTP error, or no object. Trying again later makes sense. */
export class NoAnswer extends Error {}

export interface UpdateReply {
  readonly statusCode: number;
  /** `NULL` is no command. */
  readonly command: string | undefined;
}

export type JobReply =
  | { readonly kind: 'job'; readonly definition: Readonly<Record<string, unknown>> }
  | { readonly kind: 'none'; readonly statusCode: number; readonly reason: string };

export interface ServerSettings {
  readonly baseUrl: string;
  readonly wire: 'form' | 'json';
  readonly timeoutMs: number;
  readonly userAgent: string;
  readonly token?: TokenSource;
  readonly origin: string | undefined;
}

const MAX_REPLY_BYTES = 64 * 1024 * 1024;

/** The classic pilot calls, `/server/panda/<method>`. One call is one exchange; repeating is the caller's decision. */
export class PandaServer implements JobServer {
  constructor(
    private readonly settings: ServerSettings,
    private readonly transport: HttpTransport,
  ) {}

  /** Asks for one job. Throws {@link NoAnswer}. */
  async getJob(request: Fields, signal?: AbortSignal): Promise<JobReply> {
    const reply = await this.call('getJob', request, signal);
    const statusCode = statusCodeOf(reply);
    if (statusCode === statusCodes.success && reply.PandaID !== undefined) return { kind: 'job', definition: reply };
    const reason = typeof reply.errorDialog === 'string' ? reply.errorDialog : `StatusCode ${statusCode}`;
    return { kind: 'none', statusCode, reason };
  }

  /** Reports on a job. Throws {@link NoAnswer}; a StatusCode other than 0 is returned. */
  async updateJob(fields: Fields, signal?: AbortSignal): Promise<UpdateReply> {
    const reply = await this.call('updateJob', fields, signal);
    const { command } = reply;
    const told = typeof command === 'string' && command !== '' && command !== 'NULL' ? command : undefined;
    return { statusCode: statusCodeOf(reply), command: told };
  }

  /** Says that the pilot of a worker started or ended; nobody waits for the answer's meaning. Throws {@link NoAnswer}. */
  async updateWorkerStatus(fields: Fields): Promise<void> {
    await this.call('updateWorkerPilotStatus', fields);
  }

  /** A JSON object below the server or elsewhere: queue data, storage data. Throws {@link NoAnswer}. */
  async json(url: string): Promise<unknown> {
    const reply = await this.exchange({ method: 'GET', url, headers: { 'user-agent': this.settings.userAgent } });
    return parsed(reply);
  }

  private async call(method: string, fields: Fields, signal?: AbortSignal): Promise<Record<string, unknown>> {
    const url = `${this.settings.baseUrl}/server/panda/${method}`;
    const { headers, body } = this.settings.wire === 'json' ? jsonBody(fields) : formBody(fields);
    const identity = await this.identity();
    const reply = await this.exchange({ method: 'POST', url, headers: { ...identity, ...headers }, body, signal });
    const value = parsed(reply);
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new NoAnswer(`${method}: the answer is no object`);
    return value as Record<string, unknown>;
  }

  private async identity(): Promise<Record<string, string>> {
    const token = await this.settings.token?.token();
    return {
      accept: 'application/json',
      'user-agent': this.settings.userAgent,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(token === undefined || this.settings.origin === undefined ? {} : { origin: this.settings.origin }),
    };
  }

  private async exchange(call: {
    method: 'GET' | 'POST';
    url: string;
    headers: Record<string, string>;
    body?: string | Buffer;
    signal?: AbortSignal;
  }): Promise<HttpReply> {
    const { timeoutMs } = this.settings;
    const reply = await this.transport.send({ ...call, timeoutMs, maxBytes: MAX_REPLY_BYTES }).catch((cause: Error) => {
      throw new NoAnswer(cause.message, { cause });
    });
    if (reply.status < 200 || reply.status > 299) throw new NoAnswer(`${call.url}: HTTP ${reply.status} ${excerpt(reply.body)}`);
    return reply;
  }
}

/** pilot3 sends gzip-compressed JSON without saying so in Content-Encoding; servers detect it. */
function jsonBody(fields: Fields) {
  return { headers: { 'content-type': 'application/json' }, body: gzipSync(JSON.stringify(fields)) };
}

/** Booleans as Python prints them: `True`, `False`. */
function formBody(fields: Fields) {
  const texts = Object.entries(fields).map(([name, value]) => [name, typeof value === 'boolean' ? pythonBool(value) : value]);
  const body = queryString(Object.fromEntries(texts)).slice(1);
  return { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body };
}

function pythonBool(value: boolean): string {
  return value ? 'True' : 'False';
}

function parsed(reply: HttpReply): unknown {
  try {
    return JSON.parse(reply.body.toString('utf8'));
  } catch (cause) {
    throw new NoAnswer(`the answer is not JSON: ${excerpt(reply.body)}`, { cause });
  }
}

/** StatusCode comes as number or text. A missing one is a failure, not a success. */
function statusCodeOf(reply: Readonly<Record<string, unknown>>): number {
  const code = Number(reply.StatusCode);
  return reply.StatusCode === undefined || reply.StatusCode === null || Number.isNaN(code) ? statusCodes.failed : code;
}
