import { WireError } from './wire-error.js';

/** Most keys any client sends in one form is below 60; 2 000 leaves room for repeated ones. */
const FIELDS_MAX = 2_000;

/**
 * Fields that hold pickles: bytes, not text. Python writes characters up to 255 as single bytes there, which is no UTF-8.
 * Source: panda-client:pandaclient/Client.py@5b9c05a (submitJobs, getJobStatus, killJobs).
 */
const PICKLED_FIELDS: readonly string[] = ['ids', 'jobs'];

/** Values of a query string or form: the key repeated gives several, in order. */
export type FormFields = ReadonlyMap<string, readonly string[]>;

/**
 * Decodes `a=1&b=2&a=3`. Blanks and empty values are kept; invalid UTF-8 and NUL are refused.
 * Source: panda-server:pandaserver/server/panda.py@34d4b8f (first value of each key, blanks kept).
 */
export function decodeForm(text: string): FormFields {
  const fields = new Map<string, string[]>();
  if (text === '') return fields;
  const pairs = text.split('&', FIELDS_MAX + 1);
  if (pairs.length > FIELDS_MAX) throw new WireError('tooLarge', `the form has more than ${FIELDS_MAX} fields`);
  for (const pair of pairs) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const key = unquote(at < 0 ? pair : pair.slice(0, at));
    const text = at < 0 ? '' : pair.slice(at + 1);
    const value = PICKLED_FIELDS.includes(key) ? unquoteBytes(text) : unquote(text);
    const values = fields.get(key);
    if (values) values.push(value);
    else fields.set(key, [value]);
  }
  return fields;
}

function unquote(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  const decoded = spaced.includes('%') ? percentDecode(spaced) : spaced;
  if (decoded.includes('\0')) throw new WireError('malformed', 'the form contains a NUL character');
  return decoded;
}

/** Each byte becomes the character of its number. */
function unquoteBytes(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new WireError('malformed', 'the form is not valid percent-encoded UTF-8');
  }
}

/** Encodes as Python's `urlencode` does, blank as `+`. Used for the query-string replies of pilots that ask for no JSON. */
export function encodeForm(fields: Iterable<readonly [string, string]>): string {
  return [...fields].map(([key, value]) => `${quotePlus(key)}=${quotePlus(value)}`).join('&');
}

function quotePlus(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
