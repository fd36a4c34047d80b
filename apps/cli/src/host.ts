import { environment, type Variables } from '@panda/config';
import { type CliConfig, cliKeys } from './cli.config.js';
import { Terminal } from './terminal/terminal.js';

/** What a tool runs in. Tests give their own instead of changing the process. */
export interface Host {
  readonly terminal: Terminal;
  /** The environment. */
  readonly variables: Variables;
  /** Directory relative paths start from. */
  readonly cwd: string;
}

export function hostOfProcess(): Host {
  return { terminal: Terminal.ofProcess(), variables: environment(), cwd: process.cwd() };
}

/** Read late: help needs no configuration, however wrong it is. */
export function configOf({ variables }: Host): CliConfig {
  return cliKeys.parse(variables);
}
