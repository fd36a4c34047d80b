import { Log, type LogFacts } from '@panda/domain';
import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';
import pretty from 'pino-pretty';
import type { RuntimeConfig } from '../runtime.config.js';
import { currentFacts } from './context.js';

/** Facts that are never written, wherever a caller put them. */
const SECRET_FACTS = ['password', 'passcode', 'token', 'authorization', 'secret', 'cookie'];

export interface LogSettings extends Pick<RuntimeConfig, 'logLevel' | 'logFormat'> {
  readonly service: string;
}

/** JSON lines on stdout: `time`, `level`, `msg`, the service, the context's ids and the caller's facts. */
export class PinoLog extends Log {
  private constructor(
    private readonly logger: Logger,
    private readonly own: LogFacts = {},
  ) {
    super();
  }

  static open(settings: LogSettings, destination?: DestinationStream): PinoLog {
    const options = {
      level: settings.logLevel,
      base: { service: settings.service, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level: string) => ({ level }) },
      serializers: { error: stdSerializers.errWithCause },
      redact: { paths: SECRET_FACTS.flatMap((name) => [name, `*.${name}`]), censor: '***' },
    };
    return new PinoLog(pino(options, destination ?? stdout(settings)));
  }

  debug(message: string, facts: LogFacts = {}): void {
    this.logger.debug(this.all(facts), message);
  }

  info(message: string, facts: LogFacts = {}): void {
    this.logger.info(this.all(facts), message);
  }

  warn(message: string, facts: LogFacts = {}): void {
    this.logger.warn(this.all(facts), message);
  }

  error(message: string, facts: LogFacts = {}): void {
    this.logger.error(this.all(facts), message);
  }

  with(facts: LogFacts): Log {
    return new PinoLog(this.logger, { ...this.own, ...facts });
  }

  /** Each key once, the most particular value of it: JSON with a key twice means something else to each reader. */
  private all(facts: LogFacts): LogFacts {
    return { ...currentFacts(), ...this.own, ...facts };
  }
}

function stdout({ logFormat }: LogSettings): DestinationStream {
  const readable = logFormat === 'pretty' || (logFormat === 'auto' && process.stdout.isTTY);
  // Synchronous: the last lines before an exit are the ones somebody will look for.
  return readable
    ? pretty({ colorize: process.stdout.isTTY, sync: true, ignore: 'pid' })
    : pino.destination({ fd: 1, sync: true });
}
