import type { Variables } from '@panda/config';
import type { Command } from 'commander';
import type { CliConfig } from '../cli.config.js';
import { configOf, type Host } from '../host.js';
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
  readonly variables: Variables;
}

export type Action<A extends unknown[], O> = (context: Context, options: O, ...args: A) => Promise<void>;

/** Binds a command to its work. The session is opened only now: `--help` needs neither server nor token. */
export function act<A extends unknown[], O extends object>(host: Host, command: Command, action: Action<A, O>): void {
  command.action(async (...given: unknown[]) => {
    const args = given.slice(0, command.registeredArguments.length) as unknown as A;
    const options = command.optsWithGlobals<O & GlobalOptions>();
    const config = configOf(host);
    const { server, vo, timeout, json = false } = options;
    const session = openSession(config, { server, vo, ...(timeout === undefined ? {} : { timeoutMs: timeout * 1_000 }) });
    const { terminal, cwd, variables } = host;
    await action({ terminal, json, config, session, cwd, variables }, options, ...args);
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

/** `name=value` pairs as an object; what is not JSON is a word. */
export function assignments(option: string, pairs: readonly string[] = []): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new UsageError(`${option} takes name=value, not '${pair}'`);
      return [pair.slice(0, at), jsonOrWord(pair.slice(at + 1))];
    }),
  );
}

function jsonOrWord(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A bare word such as the name of a site.
    return text;
  }
}
