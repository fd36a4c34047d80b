import { ClientError } from '@panda/client';
import { ConfigError } from '@panda/config';
import { PandaError } from '@panda/domain';
import { exitCodeOf, exitCodes } from './exit-codes.js';
import { printable } from './table.js';
import type { Terminal } from './terminal.js';

/** The user typed something that cannot be done; no server was asked. */
export class UsageError extends Error {
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message);
    this.name = 'UsageError';
  }
}

/** The command did its work and says so itself; only the exit code is left to set. */
export class Exit extends Error {
  constructor(readonly exitCode: number) {
    super(`exit ${exitCode}`);
    this.name = 'Exit';
  }
}

export interface Failure {
  readonly exitCode: number;
  readonly code?: string;
  readonly message: string;
  readonly hint?: string;
}

export function failureOf(error: unknown): Failure {
  if (error instanceof UsageError) return { exitCode: exitCodes.usage, message: error.message, hint: error.hint };
  if (error instanceof ClientError || error instanceof PandaError) {
    return { exitCode: exitCodeOf(error.kind), code: error.code, message: error.message, hint: error.hint };
  }
  if (error instanceof ConfigError) return { exitCode: exitCodes.usage, message: error.message };
  if (isAborted(error)) return { exitCode: exitCodes.interrupted, message: 'interrupted' };
  const { code, message } = error as NodeJS.ErrnoException;
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) return { exitCode: exitCodes.failed, code, message };
  return { exitCode: exitCodes.bug, message: `unexpected: ${(error as Error).stack ?? String(error)}` };
}

/** Prints what went wrong, with code and hint, and answers the exit code. With `json` the error is a document on standard output. */
export function reportFailure(terminal: Terminal, error: unknown, json: boolean): number {
  if (error instanceof Exit) return error.exitCode;
  const { exitCode, code, message, hint } = failureOf(error);
  if (json) terminal.json({ error: { code: code ?? null, message, hint: hint ?? null, exitCode } });
  else {
    const { red, dim } = terminal.colours;
    const lines = message.split('\n').map(printable).join('\n');
    terminal.note(`${red('error:')} ${lines}${code === undefined ? '' : dim(` (${printable(code)})`)}`);
    if (hint !== undefined) terminal.note(`${dim('hint:')}  ${printable(hint)}`);
  }
  return exitCode;
}

function isAborted(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
