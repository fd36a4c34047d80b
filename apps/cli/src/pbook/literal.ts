/** Values a statement may hold: Python's literals, as data. */
export type Literal = null | boolean | number | string | readonly Literal[] | { readonly [key: string]: Literal };

/** A value the way Python's prompt shows it. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  if (value instanceof Date) return `'${value.toISOString()}'`;
  if (typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([key, item]) => `${shown(key)}: ${shown(item)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(String(value)).replace(
    /^"(.*)"$/s,
    (_all, inner: string) => `'${inner.replaceAll("'", "\\'").replaceAll('\\"', '"')}'`,
  );
}
