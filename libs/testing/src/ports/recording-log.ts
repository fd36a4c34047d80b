import { Log, type LogFacts } from '@panda/domain';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly facts: LogFacts;
}

/** Keeps its lines for the test to look at, and prints nothing. */
export class RecordingLog extends Log {
  constructor(
    readonly lines: LogLine[] = [],
    private readonly always: LogFacts = {},
  ) {
    super();
  }

  debug(message: string, facts?: LogFacts): void {
    this.keep('debug', message, facts);
  }

  info(message: string, facts?: LogFacts): void {
    this.keep('info', message, facts);
  }

  warn(message: string, facts?: LogFacts): void {
    this.keep('warn', message, facts);
  }

  error(message: string, facts?: LogFacts): void {
    this.keep('error', message, facts);
  }

  with(facts: LogFacts): Log {
    return new RecordingLog(this.lines, { ...this.always, ...facts });
  }

  /** The messages of one level, in order. */
  messages(level: LogLine['level']): string[] {
    return this.lines.filter((line) => line.level === level).map((line) => line.message);
  }

  private keep(level: LogLine['level'], message: string, facts: LogFacts = {}): void {
    this.lines.push({ level, message, facts: { ...this.always, ...facts } });
  }
}
