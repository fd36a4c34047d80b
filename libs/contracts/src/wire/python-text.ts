/**
 * Text forms of Python: what `str()` of an answer looks like to a client that asked for no JSON, and how times are printed.
 * Source: panda-server:pandaserver/api/v1/common.py@9cc3603 (the answer is JSON only if the request asked for it).
 */
export function pythonRepr(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return quote(value);
  if (value instanceof Date) return quote(pythonTime(value));
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`;
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return `{${entries.map(([key, item]) => `${pythonRepr(key)}: ${pythonRepr(item)}`).join(', ')}}`;
}

/** A Python string literal in ASCII: no character of the text can end the literal or start another expression. */
function quote(text: string): string {
  const escaped = text.replace(/[\\']/g, '\\$&').replace(/[^\x20-\x7e]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (character === '\n') return '\\n';
    return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
  return `'${escaped}'`;
}

/** `str(datetime)` of a naive UTC time: `2021-11-22 07:00:00`. */
export function pythonTime(date: Date): string {
  const text = date.toISOString().replace('T', ' ');
  return text.endsWith('.000Z') ? text.slice(0, 19) : `${text.slice(0, -1)}000`;
}

const TIME = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?$/;
const EPOCH_SECONDS = /^\d{9,11}(?:\.\d+)?$/;

/**
 * Times as clients and pilots send them: `YYYY-MM-DD hh:mm:ss` (UTC), the ISO form, or epoch seconds, which real pilots send for
 * startTime and endTime. Returns undefined for anything that is no existing time (reliability I45).
 */
export function parseTime(value: string | number): Date | undefined {
  const text = String(value)
    .trim()
    .replace(/^datetime\//, '');
  if (EPOCH_SECONDS.test(text)) return new Date(Number(text) * 1_000);
  const match = TIME.exec(text);
  if (!match) return undefined;
  const date = new Date(`${text.slice(0, 10)}T${text.slice(11, 19)}Z`);
  const exists = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text.slice(0, 10));
  return exists ? date : undefined;
}
