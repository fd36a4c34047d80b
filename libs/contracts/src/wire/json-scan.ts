import { WireError } from './wire-error.js';

export interface JsonLimits {
  readonly depthMax: number;
  readonly keysMax: number;
  readonly itemsMax: number;
  readonly nodesMax: number;
}

/** Source: reliability §7.1. */
export const JSON_LIMITS: JsonLimits = { depthMax: 64, keysMax: 20_000, itemsMax: 1_000_000, nodesMax: 2_000_000 };

interface Frame {
  /** Keys seen, for objects. */
  keys?: Set<string>;
  items: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const DIGITS = '+-.0123456789eE';

/**
 * Walks over JSON text once, before it is parsed: depth, sizes, duplicate keys and integers that would be rounded. It does not check
 * grammar, the parser does. Memory stays proportional to the open objects.
 */
export function scanJson(text: string, limits: JsonLimits): void {
  const frames: Frame[] = [];
  let nodes = 0;
  for (let at = 0; at < text.length; ) {
    const character = text[at] as string;
    if (character === '"') {
      const end = stringEnd(text, at);
      const frame = frames.at(-1);
      if (frame?.keys && isKey(text, end)) addKey(frame.keys, text.slice(at, end), limits);
      at = end;
      nodes++;
    } else if (character === '{' || character === '[') {
      if (frames.length >= limits.depthMax) throw new WireError('tooLarge', `the JSON is nested deeper than ${limits.depthMax}`);
      frames.push(character === '{' ? { keys: new Set(), items: 0 } : { items: 0 });
      at++;
      nodes++;
    } else if (character === '}' || character === ']') {
      frames.pop();
      at++;
    } else if (character === ',') {
      countItem(frames.at(-1), limits);
      at++;
    } else if (character === '-' || (character >= '0' && character <= '9')) {
      at = numberEnd(text, at);
      nodes++;
    } else at++;
    if (nodes > limits.nodesMax) throw new WireError('tooLarge', `the JSON has more than ${limits.nodesMax} values`);
  }
}

function stringEnd(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0 && text.charCodeAt(at) === QUOTE) return at + 1;
  }
  throw new WireError('malformed', 'the JSON has a text without an end');
}

function isKey(text: string, end: number): boolean {
  let at = end;
  while (' \n\r\t'.includes(text[at] ?? 'x')) at++;
  return text[at] === ':';
}

function addKey(keys: Set<string>, quoted: string, limits: JsonLimits): void {
  const key = quoted.includes('\\') ? decodeKey(quoted) : quoted.slice(1, -1);
  if (keys.has(key)) throw new WireError('malformed', 'the JSON repeats a key of one object');
  if (keys.size >= limits.keysMax)
    throw new WireError('tooLarge', `the JSON has an object with more than ${limits.keysMax} keys`);
  keys.add(key);
}

function decodeKey(quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    throw new WireError('malformed', 'the JSON has a bad escape');
  }
}

function countItem(frame: Frame | undefined, limits: JsonLimits): void {
  if (!frame || frame.keys) return;
  frame.items++;
  if (frame.items >= limits.itemsMax) throw new WireError('tooLarge', `the JSON has a list longer than ${limits.itemsMax}`);
}

function numberEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && DIGITS.includes(text[at] as string)) at++;
  const number = text.slice(start, at);
  const value = Number(number);
  if (!Number.isFinite(value) || (/^-?\d+$/.test(number) && !Number.isSafeInteger(value))) {
    throw new WireError('malformed', 'the JSON has a number that cannot be kept exactly');
  }
  return at;
}
