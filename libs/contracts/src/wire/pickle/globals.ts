import { PickleError, PyGlobal, PyInstance, PyTuple, type PyValue } from './values.js';

/** Packages under which the clients of all eras know the two record classes. */
const RECORD_MODULES = /^(?:pandaclient|taskbuffer|pandaserver\.taskbuffer)\.(JobSpec|FileSpec)$/;
const RECONSTRUCTORS = new Set(['copy_reg._reconstructor', 'copyreg._reconstructor']);
const OBJECTS = new Set(['__builtin__.object', 'builtins.object']);
const DATETIME = 'datetime.datetime';
const ENCODE = '_codecs.encode';

/** Admits a global of the allow-list as a token; refuses everything else before any object is built (reliability I36). */
export function admitGlobal(module: string, name: string): PyGlobal {
  const full = `${module}.${name}`;
  const record = RECORD_MODULES.exec(module);
  const known = RECONSTRUCTORS.has(full) || OBJECTS.has(full) || full === DATETIME || full === ENCODE || record?.[1] === name;
  if (!known) throw new PickleError('the pickle names a class that is not allowed');
  return new PyGlobal(module, name);
}

/** What the opcode REDUCE means for the few callables that may occur. */
export function reduce(callable: PyValue, args: PyValue): PyValue {
  if (!(callable instanceof PyGlobal) || !(args instanceof PyTuple))
    throw new PickleError('reduce of something that is not callable');
  const full = `${callable.module}.${callable.name}`;
  if (RECONSTRUCTORS.has(full)) return instantiate(args.items[0]);
  if (full === DATETIME) return datetime(args.items);
  if (full === ENCODE && typeof args.items[0] === 'string') return args.items[0];
  throw new PickleError('reduce of a class that is not allowed');
}

/** An empty record of the class named by a token (opcodes REDUCE, NEWOBJ). */
export function instantiate(type: PyValue): PyInstance {
  if (!(type instanceof PyGlobal) || !RECORD_MODULES.test(type.module)) throw new PickleError('the class cannot be built');
  return new PyInstance(type.module, type.name);
}

const UNITS_MAX = 7;

function datetime(items: readonly PyValue[]): Date {
  const packed = items[0];
  const fields = typeof packed === 'string' ? unpackState(packed) : items.slice(0, UNITS_MAX);
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0, micro = 0] = fields.map((field) => {
    if (typeof field !== 'number') throw new PickleError('a datetime has a field that is no number');
    return field;
  });
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, Math.floor(micro / 1_000));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) throw new PickleError('a datetime does not exist');
  return date;
}

/** The ten bytes of `datetime.__reduce__`: year (2), month, day, hour, minute, second, microsecond (3). */
function unpackState(packed: string): number[] {
  if (packed.length !== 10) throw new PickleError('a datetime has a state of the wrong length');
  const byte = (index: number) => packed.charCodeAt(index);
  // The top bit of the month carries `fold` since Python 3.6.
  const micro = (byte(7) << 16) | (byte(8) << 8) | byte(9);
  return [byte(0) * 256 + byte(1), byte(2) & 0x7f, byte(3), byte(4), byte(5), byte(6), micro];
}
