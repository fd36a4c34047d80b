import { PICKLE_LIMITS, type PickleLimits, PickleMachine } from './machine.js';
import { type Opcode, structureOpcodes } from './opcodes.js';
import { scalarOpcodes } from './scalars.js';
import { PickleError, PyInstance, PyTuple, type PyValue } from './values.js';

const STOP = 0x2e;

const opcodes: readonly (Opcode | undefined)[] = Array.from({ length: 256 }, (_, code) => {
  const key = String.fromCharCode(code);
  return structureOpcodes[key] ?? scalarOpcodes[key];
});

/**
 * Reads protocols 0–2 and the plain data of 4. Persistent ids, extension codes and every global outside the allow-list are
 * refused before an object is built. Throws {@link PickleError}.
 */
export function unpickle(bytes: Buffer, limits: PickleLimits = PICKLE_LIMITS): PyValue {
  if (bytes.length > limits.bytesMax) throw new PickleError(`the pickle is longer than ${limits.bytesMax} bytes`);
  const machine = new PickleMachine(bytes, limits);
  for (;;) {
    const code = machine.next();
    if (code === STOP) break;
    const opcode = opcodes[code];
    if (!opcode) throw new PickleError(`the pickle has an opcode that is not allowed (${code})`);
    opcode(machine);
  }
  const value = machine.pop();
  checkShape(value, limits.depthMax);
  return value;
}

/** Refuses cycles and nesting beyond the limit. A file record may point back to its job, which is the one legal cycle. */
function checkShape(root: PyValue, depthMax: number): void {
  const done = new Set<object>();
  const open = new Set<object>();
  const visit = (value: PyValue, depth: number): void => {
    if (typeof value !== 'object' || value === null || value instanceof Date || done.has(value)) return;
    if (open.has(value)) {
      if (value instanceof PyInstance) return;
      throw new PickleError('the pickle contains itself');
    }
    if (depth > depthMax) throw new PickleError('the pickle is nested too deeply');
    open.add(value);
    for (const child of children(value)) visit(child, depth + 1);
    open.delete(value);
    done.add(value);
  };
  visit(root, 0);
}

function children(value: object): Iterable<PyValue> {
  if (value instanceof PyTuple) return value.items;
  if (value instanceof PyInstance) return [value.state];
  if (Array.isArray(value)) return value as PyValue[];
  return value instanceof Map ? (value.values() as Iterable<PyValue>) : [];
}
