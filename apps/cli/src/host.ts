import { type CliConfig, cliKeys } from './cli.config.js';
import { Terminal } from './terminal/terminal.js';

/** What a tool runs in. Tests give their own instead of changing the process. */
export interface Host {
  readonly terminal: Terminal;
  /** Read late: help needs no configuration, however wrong it is. */
  readonly config: () => CliConfig;
  /** Directory relative paths start from. */
  readonly cwd: string;
}

export function hostOfProcess(): Host {
  return { terminal: Terminal.ofProcess(), config: () => cliKeys.read(), cwd: process.cwd() };
}
