import { PickleError, PyTuple, type PyValue } from './values.js';

export interface PickleLimits {
  readonly bytesMax: number;
  /** Nesting of the result. */
  readonly depthMax: number;
  /** Values on the stack plus memo entries. */
  readonly itemsMax: number;
}

export const PICKLE_LIMITS: PickleLimits = { bytesMax: 8 * 1024 * 1024, depthMax: 64, itemsMax: 2_000_000 };

/** The stack machine of the pickle format: bytes, a stack, marks and a memo. It knows no opcode. */
export class PickleMachine {
  private position = 0;
  private readonly stack: PyValue[] = [];
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, PyValue>();
  private items = 0;

  constructor(
    private readonly bytes: Buffer,
    private readonly limits: PickleLimits,
  ) {}

  next(): number {
    return this.take(1)[0] as number;
  }

  take(length: number): Buffer {
    const end = this.position + length;
    if (length < 0 || end > this.bytes.length) throw new PickleError('the pickle is truncated');
    const part = this.bytes.subarray(this.position, end);
    this.position = end;
    return part;
  }

  /** The text argument of a protocol 0 opcode, without its newline. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0) throw new PickleError('the pickle is truncated');
    const text = this.bytes.toString('latin1', this.position, end);
    this.position = end + 1;
    return text;
  }

  push(value: PyValue): void {
    this.count();
    this.stack.push(value);
  }

  pop(): PyValue {
    if (this.stack.length <= (this.marks.at(-1) ?? 0)) throw new PickleError('the pickle takes more than it put');
    return this.stack.pop();
  }

  top(): PyValue {
    const value = this.pop();
    this.stack.push(value);
    return value;
  }

  mark(): void {
    this.marks.push(this.stack.length);
    if (this.marks.length > this.limits.depthMax * 2) throw new PickleError('the pickle is nested too deeply');
  }

  /** Everything above the last mark, which is removed. */
  popMark(): PyValue[] {
    const mark = this.marks.pop();
    if (mark === undefined) throw new PickleError('the pickle has no mark');
    return this.stack.splice(mark);
  }

  popTuple(length: number): PyTuple {
    const items: PyValue[] = [];
    for (let i = 0; i < length; i++) items.unshift(this.pop());
    return new PyTuple(...items);
  }

  remember(key: number): void {
    if (!Number.isSafeInteger(key) || key < 0) throw new PickleError('the pickle has a bad memo number');
    this.count();
    this.memo.set(key, this.top());
  }

  rememberNext(): void {
    this.remember(this.memo.size);
  }

  recall(key: number): void {
    if (!this.memo.has(key)) throw new PickleError('the pickle recalls what it never stored');
    this.push(this.memo.get(key));
  }

  private count(): void {
    this.items += 1;
    if (this.items > this.limits.itemsMax) throw new PickleError('the pickle has too many values');
  }
}
