import { envelopeReply, failed, WireError } from '@panda/contracts';
import { isTransient } from '@panda/database';
import type { Log } from '@panda/domain';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { AuthenticationFailure } from '../auth/caller.js';
import { ForbiddenMethod, HttpProblem, Shed } from './problem.js';
import type { Unfinished } from './unfinished.js';

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly retryAfterS?: number;
}

const WIRE_STATUS = { malformed: 400, tooLarge: 413, unsupported: 415 } as const;
/** What the parser of multipart bodies says of a body that is none; its errors have neither class nor code. */
const BROKEN_MULTIPART = /^Multipart: Boundary not found|nexpected end of multipart data$/;
const TEXT_MAX = 300;
/** When the database is away, ask again after this. */
const UNAVAILABLE_RETRY_S = 30;

/**
 * The one place where an error becomes an HTTP answer (reliability §7.2): one line, short, never begun by the caller's text. Under `/api`
 * the line is the message of an envelope: clients of v1 read nothing else, in curl mode whatever the status (client-api 0.5, 1.4).
 */
export class ErrorFilter {
  constructor(
    private readonly log: Log,
    private readonly unfinished: Unfinished,
  ) {}

  async answer(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { status, text, retryAfterS } = this.judge(error, request);
    if (retryAfterS !== undefined) reply.header('retry-after', String(retryAfterS));
    // The rest of a refused body is not read: the connection cannot be used for another request.
    if (status === 400 || status === 413) reply.header('connection', 'close');
    const { contentType, body } = isV1(request) && text !== '' ? envelopeReply(failed(text), { wantsJson: true }) : plain(text);
    await reply.status(status).header('content-type', contentType).send(body);
  }

  private judge(error: unknown, request: FastifyRequest): Answer {
    const traceId = String(request.id);
    if (error instanceof Shed) return { status: error.status, text: '', retryAfterS: error.retryAfterS };
    if (error instanceof AuthenticationFailure || error instanceof ForbiddenMethod)
      return { status: 403, text: line(error.message) };
    if (error instanceof WireError) return { status: WIRE_STATUS[error.fault], text: line(error.message) };
    if (error instanceof HttpProblem) return { status: error.status, text: line(error.message) };
    if (this.unfinished.explains(request)) return { status: 408, text: '' };
    if (isTransient(error)) {
      this.log.warn('a request met a transient failure', { traceId, error });
      return { status: 503, text: '', retryAfterS: UNAVAILABLE_RETRY_S };
    }
    const status = (error as Partial<FastifyError>).statusCode;
    if (status === 413) return { status, text: line(`the body is larger than ${request.routeOptions.bodyLimit} bytes`) };
    if (status !== undefined && status >= 400 && status < 500) return { status, text: line('the request cannot be read') };
    if (error instanceof Error && BROKEN_MULTIPART.test(error.message))
      return { status: 400, text: line(`the multipart body cannot be read: ${error.message}`) };
    this.log.error('a request failed', { traceId, error });
    return { status: 500, text: line(`internal error ${traceId}`) };
  }
}

function isV1({ url }: FastifyRequest): boolean {
  return url.startsWith('/api/');
}

function plain(body: string) {
  return { contentType: 'text/plain; charset=utf-8', body };
}

function line(message: string): string {
  return `ERROR : ${message.replace(/[\r\n]+/g, ' ').slice(0, TEXT_MAX)}`;
}
