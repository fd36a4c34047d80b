/** The ways in which file names are printed into a command line. Python's formats: transforms read them as Python does. */

/** `'a'`, or `"a'b"` when there is a single quote and no double quote. */
function pythonString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
  return `${quote}${quote === "'" ? escaped.replaceAll("'", "\\'") : escaped}${quote}`;
}

/** `['a', 'b']`. */
export const pythonList = (names: readonly string[]): string => `[${names.map(pythonString).join(', ')}]`;

/** `%20` → blank and so on; what is no escape stays. */
export function unquoted(text: string): string {
  if (!text.includes('%')) return text;
  const bytes = text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
  return bytes;
}

/**
 * `head[1,2,4]tail` when only digits differ between the names (attempt numbers at the end are dropped), else the names joined by commas.
 * Head and tail are what the first two names share. panda-jedi:pandajedi/jediorder/JobGenerator.py@42f4bb41.
 */
export function compactList(names: readonly string[]): string {
  if (names.length < 2) return names.join(',');
  const short = names.map((name) => name.replace(/\.\d+$/, ''));
  const [first = '', second = ''] = short;
  const head = commonHead(first, second).replace(/\d+$/, '');
  const tail = commonTail(first, second).replace(/^\d+/, '');
  const parts = short.map((name) => cut(name, head, tail));
  const compact = `${head}[${parts.join(',')}]${tail}`;
  const bracketed = /\[([^\]]+)\]/.exec(compact)?.[1];
  return bracketed !== undefined && /^[\d,]+$/.test(bracketed) ? compact : names.join(',');
}

function commonHead(a: string, b: string): string {
  let i = 0;
  while (i < a.length - 1 && a[i] === b[i]) i += 1;
  return a.slice(0, i);
}

function commonTail(a: string, b: string): string {
  let i = 0;
  while (i < a.length - 1 && i < b.length && a[a.length - 1 - i] === b[b.length - 1 - i]) i += 1;
  return a.slice(a.length - i);
}

function cut(name: string, head: string, tail: string): string {
  const start = name.startsWith(head) ? head.length : 0;
  const rest = name.slice(start);
  return tail !== '' && rest.endsWith(tail) ? rest.slice(0, rest.length - tail.length) : rest;
}
