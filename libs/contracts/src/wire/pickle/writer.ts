import { PyInstance, PyTuple, type PyValue } from './values.js';

/** Above this magnitude Python 2 readers of `I` overflow; `L` has no limit. */
const INT_MAX = 2 ** 31;

const ESCAPED = /[^\x20-\x5b\x5d-\x7e]/gu;

/**
 * Writes protocol 0: pure ASCII, readable by every Python back to 2.6, and never a valid Python literal, which the client would
 * evaluate before unpickling. Source: panda-client:pandaclient/Client.py@5b9c05a (`_Curl.get`, output is evaluated first).
 */
export function pickle(value: PyValue): string {
  const writer = new Writer();
  writer.write(value);
  return `${writer.text()}.`;
}

class Writer {
  private readonly parts: string[] = [];
  private readonly memo = new Map<PyInstance, number>();

  text(): string {
    return this.parts.join('');
  }

  write(value: PyValue): void {
    if (value === null || value === undefined) this.parts.push('N');
    else if (typeof value === 'boolean') this.parts.push(value ? 'I01\n' : 'I00\n');
    else if (typeof value === 'number') this.parts.push(numberText(value));
    else if (typeof value === 'bigint') this.parts.push(`L${value}L\n`);
    else if (typeof value === 'string') this.parts.push(`V${value.replace(ESCAPED, escaped)}\n`);
    else if (value instanceof Date) this.parts.push(dateText(value));
    else if (value instanceof PyTuple) this.writeTuple(value);
    else if (value instanceof PyInstance) this.writeInstance(value);
    else if (Array.isArray(value)) this.writeList(value);
    else if (value instanceof Map) this.writeDict(value.entries());
    else this.writeDict(Object.entries(value));
  }

  private writeTuple(tuple: PyTuple): void {
    this.parts.push('(');
    for (const item of tuple.items) this.write(item);
    this.parts.push('t');
  }

  private writeList(items: readonly PyValue[]): void {
    this.parts.push('(l');
    for (const item of items) {
      this.write(item);
      this.parts.push('a');
    }
  }

  private writeDict(entries: Iterable<[PyValue, PyValue]>): void {
    this.parts.push('(d');
    for (const [key, value] of entries) {
      this.write(key);
      this.write(value);
      this.parts.push('s');
    }
  }

  /** The memo number is taken before the state is written, so that a file can point back to its job. */
  private writeInstance(instance: PyInstance): void {
    const known = this.memo.get(instance);
    if (known !== undefined) {
      this.parts.push(`g${known}\n`);
      return;
    }
    const number = this.memo.size + 1;
    this.memo.set(instance, number);
    this.parts.push(`ccopy_reg\n_reconstructor\n(c${instance.module}\n${instance.name}\nc__builtin__\nobject\nNtRp${number}\n`);
    this.write(instance.state);
    this.parts.push('b');
  }
}

function numberText(value: number): string {
  if (Number.isInteger(value)) return Math.abs(value) < INT_MAX ? `I${value}\n` : `L${BigInt(value)}L\n`;
  if (Number.isNaN(value)) return 'Fnan\n';
  if (!Number.isFinite(value)) return value > 0 ? 'Finf\n' : 'F-inf\n';
  return `F${value}\n`;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

function dateText(value: Date): string {
  const fields = [
    value.getUTCFullYear(),
    value.getUTCMonth() + 1,
    value.getUTCDate(),
    value.getUTCHours(),
    value.getUTCMinutes(),
    value.getUTCSeconds(),
    value.getUTCMilliseconds() * 1_000,
  ];
  return `cdatetime\ndatetime\n(${fields.map((field) => `I${field}\n`).join('')}tR`;
}
