import { Log, type LogFacts } from '@panda/domain';
import { cell } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';

/** What libraries of the services have to say to an operator: warnings and errors; the rest is for log files. */
export class TerminalLog extends Log {
  constructor(
    private readonly terminal: Terminal,
    private readonly facts: LogFacts = {},
  ) {
    super();
  }

  debug(): void {
    // For log files.
  }

  info(): void {
    // For log files.
  }

  warn(message: string, facts: LogFacts = {}): void {
    const all = Object.entries({ ...this.facts, ...facts }).map(([name, value]) => `${name}=${textOf(value)}`);
    this.terminal.warn([message, ...all].join(' '));
  }

  error(message: string, facts?: LogFacts): void {
    this.warn(message, facts);
  }

  with(facts: LogFacts): Log {
    return new TerminalLog(this.terminal, { ...this.facts, ...facts });
  }
}

function textOf(value: unknown): string {
  return value instanceof Error ? value.message : cell(value);
}
