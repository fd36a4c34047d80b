import type { AnyOperation, ArgsOf, Lane, Refusal, ResultOf } from '@panda/contracts';
import type { Caller, Identity } from '../auth/caller.js';

/** A file of a multipart body, still on the wire. */
export interface UploadPart {
  readonly fileName: string;
  /** Fields that came before the file. */
  readonly fields: Readonly<Record<string, string>>;
  readonly stream: NodeJS.ReadableStream;
  /** Announced size of the whole body; undefined for chunked bodies. */
  readonly announcedBytes: number | undefined;
}

/** Everything about a request that is not an argument. */
export interface Call {
  readonly caller: Caller;
  readonly dialect: 'legacy' | 'v1';
  readonly traceId: string;
  readonly address: string;
  /** User agent, for the audit. */
  readonly client: string | null;
  /** Monotonic ms at arrival: how long a report may be held counts from here. */
  readonly arrivedMs: number;
  readonly wantsJson: boolean;
  /** `scheme://host:port` under which the caller reached us. */
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly rawArguments: ReadonlyMap<string, unknown>;
  readonly upload?: UploadPart;
}

/** One operation's implementation; both dialects share it. */
export abstract class Handler<O extends AnyOperation = AnyOperation> {
  abstract readonly operation: O;

  abstract handle(args: ArgsOf<O>, call: Call): Promise<ResultOf<O>>;

  /** Another lane than declared, when the content decides: a final report goes before heartbeats. */
  laneOf(_args: ArgsOf<O>): Lane {
    return this.operation.lane;
  }

  /** What to answer instead of 503 when the server is too busy or the database is away; undefined: 503. */
  whenBusy(_args: ArgsOf<O>): ResultOf<O> | undefined {
    return undefined;
  }
}

/** The handler refuses; the operation decides how its dialect says so. */
export class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
    this.name = 'Refused';
  }

  static argument(message: string): Refused {
    return new Refused({ reason: 'argument', message });
  }

  static notFound(message: string): Refused {
    return new Refused({ reason: 'notFound', message });
  }

  static owner(message: string): Refused {
    return new Refused({ reason: 'owner', message });
  }
}

/** The identity of a caller whom the access rule has admitted. */
export function identityOf(call: Call): Identity {
  if (call.caller === null) throw new Refused({ reason: 'unauthenticated', message: 'SSL secure connection is required' });
  return call.caller;
}
