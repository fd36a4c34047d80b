const SUSPICIOUS = /[\0\ud800-\udfff]/;

/**
 * Text PostgreSQL can store: NUL characters are dropped and halves of surrogate pairs become U+FFFD. Pilots, users and payloads
 * send both; neither may cost a report.
 */
export function storableText(text: string): string {
  return SUSPICIOUS.test(text) ? Buffer.from(text.replaceAll('\0', '')).toString() : text;
}

/** JSON for a jsonb parameter, with every text storable. */
export function jsonParam(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? storableText(part) : part));
}
