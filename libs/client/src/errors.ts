import type { ErrorKind } from '@panda/domain';

interface CatalogueRow {
  readonly kind: ErrorKind;
  /** What the user may do about it. */
  readonly hint: string;
}

/** Errors a client can meet before a server has an opinion; codes are stable and never reused. */
export const clientErrors = {
  'PANDA-CLIENT-001': { kind: 'transient', hint: 'Check PANDA_URL_SSL and that the server is up: panda health' },
  'PANDA-CLIENT-002': { kind: 'transient', hint: 'The server took too long; try again, or raise --timeout.' },
  'PANDA-CLIENT-003': { kind: 'bug', hint: 'Something between you and the server answered instead of it; check PANDA_URL_SSL.' },
  'PANDA-CLIENT-004': { kind: 'limited', hint: 'The answer is larger than a client should take; narrow the query.' },
  'PANDA-CLIENT-005': { kind: 'unauthenticated', hint: 'Sign in with: panda login' },
  'PANDA-CLIENT-006': { kind: 'forbidden', hint: 'Only the owner or the production role may do this; see: panda whoami' },
  'PANDA-CLIENT-007': { kind: 'invalid', hint: 'The server refused the request; correct it and try again.' },
  'PANDA-CLIENT-008': { kind: 'notFound', hint: 'Check the number or name.' },
  'PANDA-CLIENT-009': { kind: 'transient', hint: 'The server failed; try again, and tell the operators if it stays so.' },
  'PANDA-CLIENT-010': { kind: 'unauthenticated', hint: 'Remove the file and sign in again with: panda login' },
  'PANDA-CLIENT-011': { kind: 'unauthenticated', hint: 'Start again with: panda login' },
  'PANDA-CLIENT-012': {
    kind: 'limited',
    hint: 'Leave large files out of the directory, or put them into a dataset: panda data put',
  },
  'PANDA-CLIENT-013': { kind: 'invalid', hint: 'The server did not take the sandbox; its message says why.' },
  'PANDA-CLIENT-014': { kind: 'conflict', hint: 'The object is not in a state that allows this.' },
  'PANDA-CLIENT-015': { kind: 'limited', hint: 'Too many requests at the moment; try again later.' },
  'PANDA-CLIENT-016': {
    kind: 'bug',
    hint: 'What arrived is not what the server stored; try again, and tell the operators if it stays so.',
  },
} as const satisfies Record<string, CatalogueRow>;

export type ClientErrorCode = keyof typeof clientErrors;

export interface ErrorFacts {
  readonly [name: string]: string | number | boolean | null | undefined;
}

/** Every failure of a call. `code` is the server's own (`PANDA-TASK-004`) when it sent one. */
export class ClientError extends Error {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly hint: string;
  readonly facts: ErrorFacts;

  constructor(
    code: ClientErrorCode,
    message: string,
    options: { facts?: ErrorFacts; cause?: unknown; serverCode?: string; hint?: string; kind?: ErrorKind } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ClientError';
    this.code = options.serverCode ?? code;
    this.kind = options.kind ?? clientErrors[code].kind;
    this.hint = options.hint ?? clientErrors[code].hint;
    this.facts = options.facts ?? {};
  }
}

export function isTransient(error: unknown): boolean {
  return error instanceof ClientError && error.kind === 'transient';
}
