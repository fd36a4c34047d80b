import { JSON_LIMITS, type JsonLimits, scanJson } from './json-scan.js';
import { WireError } from './wire-error.js';

export type JsonObject = { readonly [key: string]: unknown };

/** Text in which such characters may stand: written out, or as an escape. */
const UNSTORABLE = /\\u0000|\0|\\u[dD][89abcdefABCDEF]|\p{Surrogate}/u;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Marks a datetime in v1 JSON. Source: panda-server:pandaserver/api/v1/common.py@9cc3603. */
const DATETIME_KEY = '__datetime__';

/** Reads JSON within the limits of reliability §7.1; refuses duplicate keys, numbers that would be rounded, and what no text column takes: NUL and halves of surrogate pairs. */
export function parseJson(text: string, limits: JsonLimits = JSON_LIMITS): unknown {
  scanJson(text, limits);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new WireError('malformed', 'received invalid JSON');
  }
  if (UNSTORABLE.test(text)) refuseUnstorable(value);
  return value;
}

/** JSON text that must be an object. Keys such as `__proto__` are data: `JSON.parse` makes them own properties. */
export function parseJsonObject(text: string, limits?: JsonLimits): JsonObject {
  const value = parseJson(text, limits);
  if (!isObject(value)) throw new WireError('malformed', 'a JSON object is expected');
  return value;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function refuseUnstorable(value: unknown): void {
  if (typeof value === 'string' && value.includes('\0')) throw new WireError('malformed', 'the JSON contains a NUL character');
  if (typeof value === 'string' && LONE_SURROGATE.test(value))
    throw new WireError('malformed', 'the JSON contains half of a surrogate pair');
  if (Array.isArray(value)) value.forEach(refuseUnstorable);
  else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      refuseUnstorable(key);
      refuseUnstorable(item);
    }
  }
}

/** v1 JSON: datetimes become `{"__datetime__": "<ISO without zone>"}`, big integers plain digits. */
export function encodeV1(value: unknown): string {
  return JSON.stringify(mark(value));
}

function mark(value: unknown): unknown {
  if (value instanceof Date) return { [DATETIME_KEY]: isoSeconds(value) };
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [String(key), mark(item)]));
  if (Array.isArray(value)) return value.map(mark);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mark(item)]));
  return value;
}

/** Python's `datetime.isoformat()` of a naive UTC time: no zone, microseconds only when there are any. */
export function isoSeconds(date: Date): string {
  const text = date.toISOString();
  return text.endsWith('.000Z') ? text.slice(0, 19) : `${text.slice(0, -1)}000`;
}

/** Turns the markers back into dates, as the clients' object hook does. */
export function decodeV1(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) => {
    const stamp = isObject(value) ? value[DATETIME_KEY] : undefined;
    return typeof stamp === 'string' ? new Date(`${stamp}Z`) : value;
  });
}
