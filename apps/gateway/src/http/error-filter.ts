import { WireError } from '@panda/contracts';
import { isTransient } from '@panda/database';
import type { Log } from '@panda/domain';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { AuthenticationFailure } from '../auth/caller.js';
import { ForbiddenMethod, HttpProblem, Shed } from './problem.js';

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

/** The one place where an error becomes an HTTP answer (reliability §7.2): one line, short, never begun by the caller's text. */
export class ErrorFilter {
  constructor(private readonly log: Log) {}

  async answer(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { status, text, retryAfterS } = this.judge(error, String(request.id));
    if (retryAfterS !== undefined) reply.header('retry-after', String(retryAfterS));
    // The rest of a refused body is not read: the connection cannot be used for another request.
    if (status === 400 || status === 413) reply.header('connection', 'close');
    await reply.status(status).type('text/plain; charset=utf-8').send(text);
  }

  private judge(error: unknown, traceId: string): Answer {
    if (error instanceof Shed) return { status: error.status, text: '', retryAfterS: error.retryAfterS };
    if (error instanceof AuthenticationFailure || error instanceof ForbiddenMethod)
      return { status: 403, text: line(error.message) };
    if (error instanceof WireError) return { status: WIRE_STATUS[error.fault], text: line(error.message) };
    if (error instanceof HttpProblem) return { status: error.status, text: line(error.message) };
    if (isTransient(error)) {
      this.log.warn('a request met a transient failure', { traceId, error });
      return { status: 503, text: '', retryAfterS: UNAVAILABLE_RETRY_S };
    }
    const status = (error as Partial<FastifyError>).statusCode;
    if (status !== undefined && status >= 400 && status < 500) return { status, text: line('the request cannot be read') };
    if (error instanceof Error && BROKEN_MULTIPART.test(error.message))
      return { status: 400, text: line(`the multipart body cannot be read: ${error.message}`) };
    this.log.error('a request failed', { traceId, error });
    return { status: 500, text: line(`internal error ${traceId}`) };
  }
}

function line(message: string): string {
  return `ERROR : ${message.replace(/[\r\n]+/g, ' ').slice(0, TEXT_MAX)}`;
}
