import type { Counter, Log, Metrics } from '@panda/domain';
import type { FastifyRequest } from 'fastify';

/** ms a body may take to arrive. */
export interface BodyTimes {
  readonly body: number;
  /** Files come over slow lines. */
  readonly upload: number;
}

/**
 * Requests whose body never came to its end: the client went away, or was too slow (reliability §7.1). That happens all day, to nobody's
 * harm: one line and a count each, no warning. The connection of a slow one is cut, or idle clients would hold them all.
 */
export class Unfinished {
  private readonly slow = new WeakSet<FastifyRequest['raw']>();
  private readonly count: Counter<'reason'>;

  constructor(
    private readonly times: BodyTimes,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.count = metrics.counter({
      name: 'panda_gateway_unfinished_requests_total',
      help: 'Requests whose body did not come to its end, by reason: gone or slow.',
      labels: ['reason'],
    });
  }

  /** Gives the body of a request its time from now on. */
  watch(request: FastifyRequest, kind: keyof BodyTimes): void {
    const { raw } = request;
    const timer = setTimeout(() => {
      if (raw.complete) return;
      this.slow.add(raw);
      this.tell(request, 'slow');
      raw.socket.destroy();
    }, this.times[kind]).unref();
    raw.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
  }

  /** Whether an error says no more than that the body broke off; then it is counted and told. */
  explains(request: FastifyRequest): boolean {
    const { raw } = request;
    if (raw.complete || !raw.destroyed) return false;
    if (!this.slow.has(raw)) this.tell(request, 'gone');
    return true;
  }

  private tell({ id }: FastifyRequest, reason: 'gone' | 'slow'): void {
    this.count.add({ reason });
    this.log.info('a request broke off', { traceId: String(id), reason });
  }
}
