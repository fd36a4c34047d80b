import type { Clock, Log } from '@panda/domain';
import type { ServiceHealth } from '../health/service-health.js';

/** The parts of `process` that supervision needs. */
export interface HostProcess {
  on(event: string, listener: (reason: unknown) => void): unknown;
  exit(code: number): void;
}

export interface Supervised {
  readonly log: Log;
  readonly clock: Clock;
  readonly health: ServiceHealth;
  readonly stopLimitMs: number;
  /** Readiness off, intake off, finish, release, close. */
  stop(): Promise<void>;
}

/** Work in flight may take this long to end after an error nobody handled. */
const CRASH_DRAIN_MS = 5_000;

/**
 * Binds a service to the signals of its process: the first SIGTERM or SIGINT stops it gracefully (exit 0), a second one, or
 * a stop beyond its limit, ends it (exit 1). An error nobody handled leaves unknown state: report, drain briefly, exit 1.
 */
export function supervise(service: Supervised, host: HostProcess): { stop(reason: string): void } {
  let stopping = false;

  const end = async (limitMs: number, code: number): Promise<void> => {
    const limit = new AbortController();
    const late = service.clock.sleep(limitMs, limit.signal).then(() => 'late' as const);
    const ended = await Promise.race([outcome(service), late]);
    limit.abort();
    if (ended === 'late') service.log.error('the stop took too long', { limitMs });
    host.exit(ended === 'stopped' ? code : 1);
  };
  const stop = (reason: string): void => {
    if (stopping) {
      host.exit(1);
      return;
    }
    stopping = true;
    service.log.info('stopping', { reason });
    void end(service.stopLimitMs, 0);
  };
  const crash = (error: unknown): void => {
    service.log.error('an error nobody handled', { error });
    service.health.broken('an error nobody handled');
    if (stopping) return;
    stopping = true;
    void end(CRASH_DRAIN_MS, 1);
  };

  for (const signal of ['SIGTERM', 'SIGINT']) host.on(signal, () => stop(signal));
  for (const event of ['unhandledRejection', 'uncaughtException']) host.on(event, crash);
  return { stop };
}

async function outcome(service: Supervised): Promise<'stopped' | 'failed'> {
  try {
    await service.stop();
    return 'stopped';
  } catch (error) {
    service.log.error('the stop failed', { error });
    return 'failed';
  }
}
