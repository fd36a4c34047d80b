/** What went wrong, in the one vocabulary that decides retry, HTTP status and exit code. */
export type ErrorKind = 'invalid' | 'unauthenticated' | 'forbidden' | 'notFound' | 'conflict' | 'limited' | 'transient' | 'bug';

/** StatusCode of the classic pilot protocol. panda-server:pandaserver/jobdispatcher/Protocol.py@34d4b8f3. */
export const legacyStatusCodes = {
  success: 0,
  timeOut: 10,
  noJobs: 20,
  failed: 30,
  notSecure: 40,
  invalid: 50,
  role: 60,
  permission: 70,
  keyMissing: 80,
  proxy: 90,
} as const;
export type LegacyStatusCode = (typeof legacyStatusCodes)[keyof typeof legacyStatusCodes];

export interface ErrorRow {
  readonly kind: ErrorKind;
  /** One line; `{name}` stands for a fact. */
  readonly sentence: string;
  /** What the reader can do about it. */
  readonly hint: string;
  /** Where the kind's own HTTP status does not fit. */
  readonly http?: number;
  /** Where the kind's own StatusCode does not fit. */
  readonly legacy?: LegacyStatusCode;
}

/** HTTP status of a kind, when an error is answered as plain HTTP (the gateway's envelopes answer 200). Reliability: bad input. */
export const httpStatusOfKind = {
  invalid: 400,
  unauthenticated: 403,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  limited: 429,
  transient: 503,
  bug: 500,
} as const satisfies Record<ErrorKind, number>;

export const legacyStatusOfKind = {
  invalid: legacyStatusCodes.invalid,
  unauthenticated: legacyStatusCodes.invalid,
  forbidden: legacyStatusCodes.permission,
  notFound: legacyStatusCodes.failed,
  conflict: legacyStatusCodes.failed,
  limited: legacyStatusCodes.failed,
  transient: legacyStatusCodes.failed,
  bug: legacyStatusCodes.failed,
} as const satisfies Record<ErrorKind, LegacyStatusCode>;
