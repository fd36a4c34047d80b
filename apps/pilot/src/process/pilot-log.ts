import { appendFileSync } from 'node:fs';
import { Log, type LogFacts } from '@panda/domain';

export type Level = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR';
export type LogFormat = 'pipe' | 'keys';

export interface LogSink {
  write(line: string): void;
}

/**
 * The pilot's log: lines `time | level | message | facts`, or `time=… level=… …`, as the documentation of the pilot's logger gives them.
 * Every line goes to all sinks; the job's own file travels in its log archive.
 */
export class PilotLog extends Log {
  private constructor(
    private readonly sinks: Set<LogSink>,
    private readonly debugOn: boolean,
    private readonly format: LogFormat,
    private readonly now: () => Date,
    private readonly facts: LogFacts,
  ) {
    super();
  }

  static open(sink: LogSink, options: { debug?: boolean; format?: LogFormat; now?: () => Date } = {}): PilotLog {
    return new PilotLog(new Set([sink]), options.debug ?? false, options.format ?? 'pipe', options.now ?? (() => new Date()), {});
  }

  /** Lines also go to `sink` from now on; call the result to end that. */
  tee(sink: LogSink): () => void {
    this.sinks.add(sink);
    return () => {
      this.sinks.delete(sink);
    };
  }

  debug(message: string, facts?: LogFacts): void {
    if (this.debugOn) this.line('DEBUG', message, facts);
  }

  info(message: string, facts?: LogFacts): void {
    this.line('INFO', message, facts);
  }

  warn(message: string, facts?: LogFacts): void {
    this.line('WARNING', message, facts);
  }

  error(message: string, facts?: LogFacts): void {
    this.line('ERROR', message, facts);
  }

  with(facts: LogFacts): PilotLog {
    return new PilotLog(this.sinks, this.debugOn, this.format, this.now, { ...this.facts, ...facts });
  }

  private line(level: Level, message: string, facts: LogFacts = {}): void {
    const line = formatLine(this.format, { time: this.now(), level, message, facts: { ...this.facts, ...facts } });
    for (const sink of this.sinks) sink.write(`${line}\n`);
  }
}

interface Line {
  readonly time: Date;
  readonly level: Level;
  readonly message: string;
  readonly facts: LogFacts;
}

/** One line; newlines inside texts are escaped, so that a payload cannot forge lines. */
export function formatLine(format: LogFormat, { time, level, message, facts }: Line): string {
  const stamp = time.toISOString();
  const pairs = Object.entries(facts).map(([name, value]) => `${name}=${printed(value)}`);
  if (format === 'keys') return [`time=${stamp}`, `level=${level}`, `msg=${JSON.stringify(message)}`, ...pairs].join(' ');
  return [stamp, level.padEnd(7), oneLine(message), ...(pairs.length > 0 ? [pairs.join(' ')] : [])].join(' | ');
}

function printed(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(value.stack ?? value.message);
  if (typeof value === 'string') return /^[\w./:@+-]+$/.test(value) ? value : JSON.stringify(value);
  return JSON.stringify(value) ?? 'undefined';
}

function oneLine(text: string): string {
  return text.replaceAll('\n', '\\n');
}

export function fileSink(path: string): LogSink {
  return {
    write: (line) => {
      try {
        appendFileSync(path, line);
      } catch {
        // A full disk or a removed directory is the job's failure, found by its checks; the other sinks still have the line.
      }
    },
  };
}
