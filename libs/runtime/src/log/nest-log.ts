import type { LoggerService } from '@nestjs/common';
import type { Log } from '@panda/domain';

/** Nest's own lines through our log; its start-up chatter (`RouterExplorer`, `InstanceLoader`) is debug. */
export class NestLog implements LoggerService {
  constructor(private readonly target: Log) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.target.debug(String(message), source(rest));
  }

  error(message: unknown, ...rest: unknown[]): void {
    const error = message instanceof Error ? message : undefined;
    this.target.error(error ? error.message : String(message), { ...source(rest), ...(error ? { error } : stackOf(rest)) });
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.target.warn(String(message), source(rest));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.target.debug(String(message), source(rest));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.target.debug(String(message), source(rest));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.error(message, ...rest);
  }
}

/** Nest passes the name of the logging class last. */
function source(rest: readonly unknown[]): { source?: string } {
  const last = rest.at(-1);
  return typeof last === 'string' && !last.includes('\n') ? { source: last } : {};
}

function stackOf(rest: readonly unknown[]): { stack?: string } {
  const stack = rest.find((part) => typeof part === 'string' && part.includes('\n'));
  return typeof stack === 'string' ? { stack } : {};
}
