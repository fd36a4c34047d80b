import { admitGlobal, instantiate, reduce } from './globals.js';
import type { PickleMachine } from './machine.js';
import { PickleError, PyInstance, PyTuple, type PyValue } from './values.js';

export type Opcode = (machine: PickleMachine) => void;

function list(value: PyValue): PyValue[] {
  if (!Array.isArray(value)) throw new PickleError('the pickle appends to something that is no list');
  return value;
}

function dict(value: PyValue): Map<PyValue, PyValue> {
  if (!(value instanceof Map)) throw new PickleError('the pickle sets an item of something that is no dictionary');
  return value;
}

function setPairs(target: Map<PyValue, PyValue>, flat: readonly PyValue[]): void {
  if (flat.length % 2 !== 0) throw new PickleError('a dictionary has a key without a value');
  for (let i = 0; i < flat.length; i += 2) target.set(hashable(flat[i]), flat[i + 1]);
}

function hashable(key: PyValue): PyValue {
  if (typeof key === 'object' && key !== null) throw new PickleError('a dictionary key must be a plain value');
  return key;
}

function index(text: string): number {
  return /^\d{1,10}$/.test(text) ? Number(text) : -1;
}

function build(machine: PickleMachine): void {
  const state = machine.pop();
  const target = machine.top();
  if (!(target instanceof PyInstance)) throw new PickleError('the pickle sets the state of something that has none');
  target.state = state;
}

function stackGlobal(machine: PickleMachine): void {
  const name = machine.pop();
  const module = machine.pop();
  if (typeof name !== 'string' || typeof module !== 'string') throw new PickleError('the pickle names a class without text');
  machine.push(admitGlobal(module, name));
}

function newObject(machine: PickleMachine): void {
  const args = machine.pop();
  const type = machine.pop();
  if (!(args instanceof PyTuple)) throw new PickleError('the pickle builds an object without arguments');
  machine.push(instantiate(type));
}

/** Containers, memo and objects. Codes and their names are those of Python's `pickletools`. */
export const structureOpcodes: Readonly<Record<string, Opcode>> = {
  '(': (m) => m.mark(),
  '0': (m) => void m.pop(),
  '1': (m) => void m.popMark(),
  '2': (m) => m.push(m.top()),
  ']': (m) => m.push([]),
  '}': (m) => m.push(new Map()),
  ')': (m) => m.push(new PyTuple()),
  l: (m) => m.push(m.popMark()),
  t: (m) => m.push(new PyTuple(...m.popMark())),
  '\x85': (m) => m.push(m.popTuple(1)),
  '\x86': (m) => m.push(m.popTuple(2)),
  '\x87': (m) => m.push(m.popTuple(3)),
  d: (m) => {
    const items = new Map<PyValue, PyValue>();
    setPairs(items, m.popMark());
    m.push(items);
  },
  a: (m) => {
    const item = m.pop();
    list(m.top()).push(item);
  },
  e: (m) => {
    const items = m.popMark();
    const target = list(m.top());
    for (const item of items) target.push(item);
  },
  s: (m) => {
    const value = m.pop();
    const key = m.pop();
    dict(m.top()).set(hashable(key), value);
  },
  u: (m) => {
    const flat = m.popMark();
    setPairs(dict(m.top()), flat);
  },
  p: (m) => m.remember(index(m.line())),
  q: (m) => m.remember(m.next()),
  r: (m) => m.remember(m.take(4).readUInt32LE()),
  '\x94': (m) => m.rememberNext(),
  g: (m) => m.recall(index(m.line())),
  h: (m) => m.recall(m.next()),
  j: (m) => m.recall(m.take(4).readUInt32LE()),
  c: (m) => {
    const module = m.line();
    m.push(admitGlobal(module, m.line()));
  },
  '\x93': stackGlobal,
  '\x81': newObject,
  R: (m) => {
    const args = m.pop();
    m.push(reduce(m.pop(), args));
  },
  b: build,
  '\x95': (m) => void m.take(8),
  '\x80': (m) => {
    if (m.next() > 5) throw new PickleError('the pickle protocol is not supported');
  },
};
