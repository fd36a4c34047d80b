/**
 * Python values on the classic wire. Lists are arrays, dictionaries are maps (keys need not be strings), datetimes are naive UTC dates.
 * Source: panda-client:pandaclient/Client.py@5b9c05a (what is sent and what `pickle.loads` reads back).
 */
export type PyValue =
  | null
  | undefined
  | boolean
  | number
  | bigint
  | string
  | Date
  | PyTuple
  | PyInstance
  | PyGlobal
  | readonly PyValue[]
  | ReadonlyMap<PyValue, PyValue>
  | { readonly [key: string]: PyValue };

/** A Python tuple, which the clients unpack and therefore must not become a list. */
export class PyTuple {
  readonly items: readonly PyValue[];

  constructor(...items: readonly PyValue[]) {
    this.items = items;
  }
}

/** An instance of one of the record classes; `state` is what its `__getstate__` returned. */
export class PyInstance {
  state: PyValue = null;

  constructor(
    readonly module: string,
    readonly name: string,
  ) {}
}

/** A named Python object of the allow-list. It is a token: nothing is ever resolved or run. */
export class PyGlobal {
  constructor(
    readonly module: string,
    readonly name: string,
  ) {}
}

/** The bytes cannot be read as a pickle of plain data and PanDA records. */
export class PickleError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PickleError';
  }
}
