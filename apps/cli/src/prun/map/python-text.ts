/** Percent-encoding as Python's `urllib.parse.quote`: everything but letters, digits, `_.-~/`. The transformation undoes it. */
export function quote(text: string): string {
  const encoded = encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  return encoded.replaceAll('%2F', '/');
}

/** A text as a Python literal, the way `repr` writes it: transformations evaluate it as a literal on the worker node. */
export function literal(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters Python escapes
  const escaped = text.replace(/[\\\u0000-\u001f\u007f-\u00a0\u00ad]/g, escapeOf);
  return mark + (mark === "'" ? escaped.replaceAll("'", "\\'") : escaped) + mark;
}

/** A dictionary of texts as `str()` writes it. */
export function dictionary(entries: Iterable<readonly [string, string]>, valueText: (value: string) => string = literal): string {
  return `{${[...entries].map(([key, value]) => `${literal(key)}: ${valueText(value)}`).join(', ')}}`;
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeOf(char: string): string {
  return SHORT_ESCAPES[char] ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
