import { ClientError, type ClientErrorCode, type ErrorFacts } from './errors.js';
import type { HttpReply } from './transport/exchange.js';

/** Every answer of API v1. panda-server:pandaserver/api/v1/common.py@9cc3603 */
export interface Envelope {
  readonly success: boolean;
  readonly message: string;
  readonly data: unknown;
  /** Ours, absent from other servers: the stable code of a refusal and what to do about it. */
  readonly error?: { readonly code: string; readonly hint?: string };
}

/** Parses an answer of API v1; anything else but an envelope becomes an error with a clear sentence. Nothing is evaluated. */
export function envelopeOf(reply: HttpReply, about: string): Envelope {
  if (reply.status !== 200) throw httpFailure(reply, about);
  const value = parseJson(reply, about);
  if (!isEnvelope(value)) {
    throw new ClientError('PANDA-CLIENT-003', `${about}: the answer has no success, message and data: ${excerpt(reply.body)}`);
  }
  return value;
}

/** The data of a successful answer; a refusal is thrown with the server's code, sentence and hint. */
export function dataOf(envelope: Envelope, about: string): unknown {
  if (envelope.success) return envelope.data;
  throw refusal(envelope, about);
}

export function refusal(envelope: Envelope, about: string): ClientError {
  const message = envelope.message || 'refused without a reason';
  const facts: ErrorFacts = typeof envelope.data === 'number' ? { about, data: envelope.data } : { about };
  return new ClientError(codeOfMessage(message), message, {
    facts,
    serverCode: serverCode(envelope),
    hint: envelope.error?.hint,
  });
}

/** JSON text of an answer; datetime markers become `Date`s. panda-server:pandaserver/api/v1/common.py@9cc3603 */
export function parseJson(reply: HttpReply, about: string): unknown {
  const text = reply.body.toString('utf8');
  try {
    return JSON.parse(text, reviveDatetime);
  } catch (cause) {
    throw new ClientError('PANDA-CLIENT-003', `${about}: the answer is not JSON: ${excerpt(reply.body)}`, { cause });
  }
}

/** The error of an answer whose HTTP status is not 200. */
export function httpFailure(reply: HttpReply, about: string): ClientError {
  const facts = { about, status: reply.status, retryAfterS: retryAfter(reply) };
  const text = excerpt(messageOf(reply.body) ?? reply.body);
  return new ClientError(codeOfStatus(reply.status), `${about}: HTTP ${reply.status} ${text}`.trim(), { facts });
}

/** The sentence of an envelope that came with an HTTP error; other servers, and proxies before them, send plain text. */
function messageOf(body: Buffer): Buffer | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isEnvelope(value) ? Buffer.from(value.message) : undefined;
  } catch {
    return undefined;
  }
}

function isEnvelope(value: unknown): value is Envelope {
  if (typeof value !== 'object' || value === null) return false;
  const { success, message } = value as Partial<Envelope>;
  return typeof success === 'boolean' && typeof message === 'string' && 'data' in value;
}

function reviveDatetime(key: string, value: unknown): unknown {
  if (key === '__proto__') return undefined;
  const marked = typeof value === 'object' && value !== null && '__datetime__' in value ? value.__datetime__ : undefined;
  if (typeof marked !== 'string') return value;
  const date = new Date(/[zZ]|[+-]\d\d:?\d\d$/.test(marked) ? marked : `${marked}Z`);
  return Number.isNaN(date.getTime()) ? marked : date;
}

const codesOfMessages: readonly (readonly [RegExp, ClientErrorCode])[] = [
  [/secure connection is required|not authenticated|token .*(expired|invalid)/i, 'PANDA-CLIENT-005'],
  [/not the task owner|production (or pilot )?role required|permission denied/i, 'PANDA-CLIENT-006'],
  [/not found|does not exist|no such /i, 'PANDA-CLIENT-008'],
  [/command rejected|already (queued|exists|closed)|not accepted if/i, 'PANDA-CLIENT-014'],
  [/too many /i, 'PANDA-CLIENT-015'],
];

function codeOfMessage(message: string): ClientErrorCode {
  return codesOfMessages.find(([pattern]) => pattern.test(message))?.[1] ?? 'PANDA-CLIENT-007';
}

function codeOfStatus(status: number): ClientErrorCode {
  if (status === 401 || status === 403) return 'PANDA-CLIENT-005';
  if (status === 404) return 'PANDA-CLIENT-008';
  if (status === 409) return 'PANDA-CLIENT-014';
  if (status === 413) return 'PANDA-CLIENT-012';
  if (status === 429) return 'PANDA-CLIENT-015';
  if (status >= 500) return 'PANDA-CLIENT-009';
  return status >= 400 ? 'PANDA-CLIENT-007' : 'PANDA-CLIENT-003';
}

function serverCode(envelope: Envelope): string | undefined {
  return envelope.error?.code ?? /\bPANDA-[A-Z]+-\d{3}\b/.exec(envelope.message)?.[0];
}

/** Seconds of `Retry-After`; its date form is not used by any PanDA server. */
function retryAfter(reply: HttpReply): number | undefined {
  const seconds = Number(reply.headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}

/** First line of an answer, without markup and control characters: safe to show in a terminal. */
export function excerpt(body: Buffer, length = 200): string {
  const text = body.subarray(0, 4 * length).toString('utf8');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not reach the terminal
  const plain = text.replace(/<[^>]*>/g, ' ').replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
  return plain.replace(/ +/g, ' ').trim().slice(0, length);
}
