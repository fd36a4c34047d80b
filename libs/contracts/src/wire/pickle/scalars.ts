import type { Opcode } from './opcodes.js';
import { PickleError } from './values.js';

/** Text of a number as Python writes it; anything beyond 2^53 stays a big integer instead of being rounded. */
function integer(text: string): number | bigint {
  if (!/^[+-]?\d{1,4000}$/.test(text)) throw new PickleError('the pickle has an integer that is none');
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

function float(text: string): number {
  if (text === 'inf') return Number.POSITIVE_INFINITY;
  if (text === '-inf') return Number.NEGATIVE_INFINITY;
  if (text === 'nan') return Number.NaN;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) throw new PickleError('the pickle has a float that is none');
  return Number(text);
}

/** `I01` and `I00` are how protocol 0 spells booleans. */
function intOrBool(text: string): number | bigint | boolean {
  if (text === '01') return true;
  if (text === '00') return false;
  return integer(text);
}

function littleEndian(bytes: Buffer): number | bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] as number);
  const signed = bytes.length > 0 && ((bytes.at(-1) as number) & 0x80) !== 0 ? value - (1n << BigInt(8 * bytes.length)) : value;
  const small = Number(signed);
  return Number.isSafeInteger(small) ? small : signed;
}

const ESCAPE = /\\(\\*)?u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g;

/** Python's raw-unicode-escape: only `\uXXXX` and `\UXXXXXXXX` are escapes, and an odd number of backslashes makes one. */
function rawUnicode(text: string): string {
  return text.replace(ESCAPE, (whole, more: string | undefined, short: string | undefined, long: string | undefined) => {
    if (long !== undefined) {
      const code = Number.parseInt(long, 16);
      if (code > 0x10ffff) throw new PickleError('the pickle has a character that does not exist');
      return String.fromCodePoint(code);
    }
    if (((more?.length ?? 0) + 1) % 2 === 0 || short === undefined) return whole;
    return (more ?? '') + String.fromCharCode(Number.parseInt(short, 16));
  });
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

/** A quoted Python 2 string: `S'…'`. */
function quoted(text: string): string {
  const quote = text[0];
  if (text.length < 2 || (quote !== "'" && quote !== '"') || !text.endsWith(quote))
    throw new PickleError('a string lacks its quotes');
  return text.slice(1, -1).replace(/\\(x[0-9a-fA-F]{2}|.)/g, (whole, code: string) => {
    if (code.startsWith('x') && code.length === 3) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return SIMPLE_ESCAPES[code] ?? whole;
  });
}

function size8(bytes: Buffer): number {
  const size = bytes.readBigUInt64LE();
  if (size > 2n ** 31n) throw new PickleError('the pickle has a value that is too long');
  return Number(size);
}

/** Numbers and texts. Codes and their names are those of Python's `pickletools`. */
export const scalarOpcodes: Readonly<Record<string, Opcode>> = {
  N: (m) => m.push(null),
  '\x88': (m) => m.push(true),
  '\x89': (m) => m.push(false),
  I: (m) => m.push(intOrBool(m.line())),
  L: (m) => m.push(integer(m.line().replace(/L$/, ''))),
  F: (m) => m.push(float(m.line())),
  G: (m) => m.push(m.take(8).readDoubleBE()),
  J: (m) => m.push(m.take(4).readInt32LE()),
  K: (m) => m.push(m.next()),
  M: (m) => m.push(m.take(2).readUInt16LE()),
  '\x8a': (m) => m.push(littleEndian(m.take(m.next()))),
  '\x8b': (m) => m.push(littleEndian(m.take(m.take(4).readUInt32LE()))),
  V: (m) => m.push(rawUnicode(m.line())),
  S: (m) => m.push(quoted(m.line())),
  T: (m) => m.push(m.take(m.take(4).readUInt32LE()).toString('latin1')),
  U: (m) => m.push(m.take(m.next()).toString('latin1')),
  X: (m) => m.push(m.take(m.take(4).readUInt32LE()).toString('utf8')),
  '\x8c': (m) => m.push(m.take(m.next()).toString('utf8')),
  '\x8d': (m) => m.push(m.take(size8(m.take(8))).toString('utf8')),
  B: (m) => m.push(m.take(m.take(4).readUInt32LE()).toString('latin1')),
  C: (m) => m.push(m.take(m.next()).toString('latin1')),
};
