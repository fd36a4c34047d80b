import { isTransient, UnknownOutcome } from '@panda/database';

/** How an error is treated: repeated later, or reported and put aside. */
export type FailureKind = 'transient' | 'permanent';

/** The transport cannot be used now; the message is still with the caller. */
export class BusUnavailable extends Error {
  readonly kind = 'transient';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BusUnavailable';
  }
}

/** A message that can never be handled. Its code becomes the reason code of the dead letter. */
export class Unprocessable extends Error {
  readonly kind = 'invalid';

  constructor(
    /** `malformed`, `unsupported`, or a code of the handler's own. */
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'Unprocessable';
  }
}

/** A handler exceeded its time limit. */
export class HandlerTimeout extends Error {
  readonly kind = 'transient';

  constructor(readonly limitMs: number) {
    super(`the handler did not end within ${limitMs} ms`);
    this.name = 'HandlerTimeout';
  }
}

/**
 * Errors of ours name their kind; for those of the database and of sockets its classifier decides. An unknown outcome of
 * COMMIT is repeated: the inbox, or the state the row is in, tells whether it had succeeded.
 */
export function failureKind(error: unknown): FailureKind {
  const kind = (error as { kind?: unknown } | null)?.kind;
  if (kind !== undefined) return kind === 'transient' ? 'transient' : 'permanent';
  return isTransient(error) || error instanceof UnknownOutcome ? 'transient' : 'permanent';
}

/** The reason code of a dead letter: the error's own code, else its name. */
export function reasonCode(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return typeof code === 'string' && code !== '' ? code : typeof name === 'string' ? name : 'unknown';
}

/** The reason text of a dead letter: messages of the error and its causes. */
export function reasonText(error: unknown): string {
  const parts: string[] = [];
  for (let at: unknown = error; at !== undefined && at !== null && parts.length < 5; at = (at as { cause?: unknown }).cause) {
    parts.push(typeof (at as Error).message === 'string' ? (at as Error).message : String(at));
  }
  return parts.join(': ').slice(0, 2_000);
}
