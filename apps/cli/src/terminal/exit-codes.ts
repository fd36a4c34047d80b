import type { ErrorKind } from '@panda/domain';

/** Exit codes of panda and pbook, documented in every `--help`. prun has those of the real tool, see prun/exit-codes.ts. */
export const exitCodes = {
  ok: 0,
  /** The command worked, but a task or job it waited for failed, or some of several objects were refused. */
  failed: 1,
  usage: 2,
  denied: 3,
  unreachable: 4,
  notFound: 5,
  conflict: 6,
  refused: 7,
  bug: 8,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const ofKind: Readonly<Record<ErrorKind, ExitCode>> = {
  invalid: exitCodes.refused,
  limited: exitCodes.refused,
  unauthenticated: exitCodes.denied,
  forbidden: exitCodes.denied,
  notFound: exitCodes.notFound,
  conflict: exitCodes.conflict,
  transient: exitCodes.unreachable,
  bug: exitCodes.bug,
};

export function exitCodeOf(kind: ErrorKind): ExitCode {
  return ofKind[kind];
}

export const exitCodeHelp = `Exit codes:
  0  done
  1  a task or job failed, or some of the objects were refused
  2  wrong usage
  3  not signed in, or not allowed
  4  the server cannot be reached or failed
  5  no such object
  6  the object is not in a state that allows this
  7  refused: wrong values, or a limit
  8  the answer makes no sense, or an error in this program`;
