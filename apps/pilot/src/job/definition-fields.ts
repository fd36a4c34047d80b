/** The job dictionary as it came: values are texts, numbers, booleans or, in JSON replies, objects. */
export type Definition = Readonly<Record<string, unknown>>;

/** Text of a field; undefined for what stands for an empty database value: absent, null, '' and `NULL`. */
export function textOf(raw: Definition, name: string): string | undefined {
  const value = raw[name];
  if (value === undefined || value === null) return undefined;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text === '' || text === 'NULL' ? undefined : text;
}

/** A number, also from its text; `fallback` for everything else. */
export function numberOf(raw: Definition, name: string, fallback: number): number {
  const text = textOf(raw, name);
  const value = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : fallback;
}

const TRUE = new Set(['true', 'yes', '1', 'on']);
const FALSE = new Set(['false', 'no', '0', 'off', 'none']);

/** A truth value in any of the spellings servers use (`True`, `false`, 1, `on`, …). */
export function flagOf(raw: Definition, name: string, fallback: boolean): boolean {
  const word = textOf(raw, name)?.toLowerCase() ?? '';
  if (TRUE.has(word)) return true;
  return FALSE.has(word) ? false : fallback;
}

/** Comma-joined list; a list of one empty entry is none. */
export function listOf(raw: Definition, name: string): string[] {
  const value = raw[name];
  if (Array.isArray(value)) return value.map(String);
  if (value === undefined || value === null || value === '') return [];
  return String(value).split(',');
}

/** An object, given as such or as JSON text. */
export function jsonOf(raw: Definition, name: string): Readonly<Record<string, unknown>> | undefined {
  const value = raw[name];
  const parsed = typeof value === 'string' ? parse(value) : value;
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
    ? (parsed as Record<string, unknown>)
    : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is not given: servers send NULL, None and '' here.
    return undefined;
  }
}
