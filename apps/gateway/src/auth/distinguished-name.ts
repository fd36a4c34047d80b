/** A name within a value that reads as another part of a name: `CN=x/CN=somebody else`. */
const FORGED_PART = /\/[A-Za-z][A-Za-z0-9.]*=/;
const SPECIAL = /\\([0-9A-Fa-f]{2})|\\(.)|([^\\])/gsu;

/**
 * A certificate's subject as PanDA writes it, `/DC=ch/CN=alice`. Ingresses (nginx, HAProxy) pass on the form of RFC 2253: last part first,
 * comma-separated, escaped; grid software and the tables of a Python server know the other. Null when it cannot be read, or when a value
 * would read as several parts.
 */
export function slashSubject(subject: string): string | null {
  if (subject.startsWith('/')) return subject;
  const parts: string[] = [];
  for (const part of splitUnescaped(subject)) {
    const text = unescaped(part.trim());
    const at = text.indexOf('=');
    if (at <= 0 || FORGED_PART.test(text)) return null;
    parts.push(`/${text}`);
  }
  return parts.reverse().join('');
}

function splitUnescaped(subject: string): string[] {
  const parts = [''];
  for (const [token] of subject.matchAll(SPECIAL)) {
    if (token === ',') parts.push('');
    else parts[parts.length - 1] += token;
  }
  return parts;
}

/** `\,` is a comma, `\C3\A9` the bytes of a UTF-8 character. */
function unescaped(part: string): string {
  const bytes: Buffer[] = [];
  for (const [, hex, escaped, plain] of part.matchAll(SPECIAL)) {
    bytes.push(hex === undefined ? Buffer.from(escaped ?? plain ?? '') : Buffer.from(hex, 'hex'));
  }
  return Buffer.concat(bytes).toString('utf8');
}
