import type { Command } from 'commander';
import type { CliConfig } from '../cli.config.js';
import type { Host } from '../host.js';
import { openSession, type Session } from '../session/session.js';
import { UsageError } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';

/** Options every command understands. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly server?: string;
  readonly vo?: string;
  readonly timeout?: number;
}

/** What a command works with. */
export interface Context {
  readonly terminal: Terminal;
  readonly json: boolean;
  readonly config: CliConfig;
  readonly session: Session;
  readonly cwd: string;
}

export type Action<A extends readonly unknown[], O> = (context: Context, options: O, ...args: A) => Promise<void>;

/** Binds a command to its work. The session is opened only now: `--help` needs neither server nor token. */
export function act<A extends readonly unknown[], O extends object>(host: Host, command: Command, action: Action<A, O>): void {
  command.action(async (...given: unknown[]) => {
    const args = given.slice(0, command.registeredArguments.length) as unknown as A;
    const options = command.optsWithGlobals<O & GlobalOptions>();
    const config = host.config();
    const { server, vo, timeout, json = false } = options;
    const session = openSession(config, { server, vo, ...(timeout === undefined ? {} : { timeoutMs: timeout * 1_000 }) });
    const { terminal, cwd } = host;
    await action({ terminal, json, config, session, cwd }, options, ...args);
  });
}

/** A jediTaskID or PandaID. */
export function idOf(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new UsageError(`'${text}' is no number of a task or job`);
}

export function idsOf(texts: readonly string[]): number[] {
  return [...new Set(texts.flatMap((text) => text.split(',')).map(idOf))];
}

/** Parser of options with a whole number from `min`. */
export function wholeNumber(min = 1): (text: string) => number {
  return (text) => {
    if (/^\d{1,9}$/.test(text) && Number(text) >= min) return Number(text);
    throw new UsageError(`'${text}' is no whole number from ${min}`);
  };
}

/** Parser of options that may be given several times; a variadic option would swallow the arguments behind it. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...value.split(',').filter((word) => word !== '')];
}

/** The same for values that may contain commas. */
export function collectWhole(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
