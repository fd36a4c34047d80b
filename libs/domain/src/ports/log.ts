/** Named facts of a log line: ids and numbers, never sentences. An `error` fact is printed with its stack and cause. */
export type LogFacts = Readonly<Record<string, unknown>>;

/** Structured log. Task, job, trace and request ids of the current context are added by the implementation. */
export abstract class Log {
  abstract debug(message: string, facts?: LogFacts): void;
  abstract info(message: string, facts?: LogFacts): void;
  abstract warn(message: string, facts?: LogFacts): void;
  abstract error(message: string, facts?: LogFacts): void;
  /** A log that adds `facts` to each of its lines. */
  abstract with(facts: LogFacts): Log;
}
