import { encodeForm } from '../wire/form.js';
import { encodeV1 } from '../wire/json.js';
import type { PyValue } from '../wire/pickle/values.js';
import { pickle } from '../wire/pickle/writer.js';
import { pythonRepr } from '../wire/python-text.js';

/** A finished answer. */
export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string | NodeJS.ReadableStream;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What of the request decides the form of the answer. */
export interface Asker {
  /** `Accept` (v1: or `Content-Type`) is JSON. */
  readonly wantsJson: boolean;
}

const TEXT = 'text/plain; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';

export function textReply(body: string, status = 200): Reply {
  return { status, contentType: TEXT, body };
}

/** The classic answer of a yes-or-no method. */
export function flagReply(value: boolean): Reply {
  return textReply(value ? 'True' : 'False');
}

export function pickleReply(value: PyValue): Reply {
  return textReply(pickle(value));
}

/** Classic JSON. Content type is text as in the original; clients decode by method, not by type. */
export function jsonReply(value: unknown): Reply {
  return { status: 200, contentType: JSON_TYPE, body: JSON.stringify(value) };
}

/**
 * The answer to a pilot: JSON when asked for, else a query string as in 2021. Objects become JSON text inside the query string.
 * Source: panda-server:pandaserver/jobdispatcher/Protocol.py@34d4b8f (`Response.encode`).
 */
export function pilotReply(fields: Readonly<Record<string, unknown>>, asker: Asker): Reply {
  if (asker.wantsJson) return jsonReply(fields);
  const texts = Object.entries(fields).map(([key, value]): [string, string] => [key, queryText(value)]);
  return textReply(encodeForm(texts));
}

function queryText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined || typeof value !== 'object') return pythonRepr(value);
  return JSON.stringify(value);
}

/** What every v1 call answers, also when it refuses. Source: panda-server:pandaserver/api/v1/common.py@9cc3603. */
export interface Envelope {
  readonly success: boolean;
  readonly message: string;
  readonly data: unknown;
}

export function done(data: unknown = null, message = ''): Envelope {
  return { success: true, message, data };
}

export function failed(message: string, data: unknown = null): Envelope {
  return { success: false, message, data };
}

/** JSON if the request asked for it, else the Python text of the dictionary. */
export function envelopeReply(envelope: Envelope, asker: Asker): Reply {
  const { success, message, data } = envelope;
  if (!asker.wantsJson) return textReply(pythonRepr({ success, message, data }));
  return { status: 200, contentType: JSON_TYPE, body: encodeV1({ success, message, data }) };
}
