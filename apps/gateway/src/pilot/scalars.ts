import type { Scalar } from '@panda/contracts';

const INT_MAX = 2 ** 31 - 1;
const DECIMAL = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?\s*$/;

/** Numbers as pilots send them: JSON numbers, or text of one. What is none, or beyond `max` either way, counts as not sent. */
export function decimal(value: Scalar | null, max: number = Number.MAX_VALUE): number | null {
  const number = typeof value === 'string' ? (DECIMAL.test(value) ? Number(value) : Number.NaN) : value;
  return typeof number === 'number' && Math.abs(number) <= max ? number : null;
}

/** A whole number within an integer column; fractions are cut as Python's `int(float(x))` does. */
export function whole(value: Scalar | null, max: number = INT_MAX): number | null {
  const number = decimal(value);
  if (number === null) return null;
  const cut = Math.trunc(number);
  return Math.abs(cut) <= max ? cut : null;
}

/** A number that names something: digits and nothing else. Unlike a measured value it is never cut, rounded or left out. */
export function identifier(value: Scalar | null): number | null {
  const number = typeof value === 'string' && /^\s*\d{1,16}\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

/** Text without NUL, cut to its column; empty text and Python's `None` count as not sent. */
export function words(value: Scalar | null, max: number): string | null {
  if (value === null) return null;
  const text = String(value).replaceAll('\0', '');
  return text === '' || text === 'None' || text === 'NULL' ? null : text.slice(0, max);
}
