import { once } from 'node:events';
import { type AmqpConnectionManager, connect } from 'amqp-connection-manager';
import type { ChannelModel } from 'amqplib';
import type { BusRuntime } from '../bus-runtime.js';
import { BusUnavailable } from '../failure.js';

/** Pauses between tries to connect: 0.5 s to 15 s, growing, with jitter, so that a fleet does not return in step. */
const RECONNECT_MIN_S = 0.5;
const RECONNECT_MAX_S = 15;
const COMPLAIN_EVERY_MS = 60_000;

/**
 * One connection to the broker that comes back by itself. Channels belong to the connection they were opened on: their
 * owners wait for {@link ready} and open new ones.
 */
export class RabbitConnection {
  private readonly manager: AmqpConnectionManager;
  private readonly log;
  private current: ChannelModel | undefined;
  private failures = 0;
  private complainedMs = Number.NEGATIVE_INFINITY;
  private reason: string | undefined;

  constructor(
    urls: readonly string[],
    name: string,
    private readonly runtime: BusRuntime,
  ) {
    this.log = runtime.log.with({ connection: name });
    this.manager = connect([...urls], {
      heartbeatIntervalInSeconds: 10,
      reconnectTimeInSeconds: this.pauseS(),
      // Nagle's algorithm and delayed ACKs together cost 40 ms a round trip on quorum queues.
      connectionOptions: { noDelay: true, timeout: 10_000, clientProperties: { connection_name: name } },
    });
    this.manager.on('connect', () => this.connected());
    this.manager.on('disconnect', ({ err }) => this.disconnected(err));
    this.manager.on('connectFailed', ({ err }) => this.disconnected(err));
    this.manager.on('blocked', ({ reason }) => {
      this.reason = reason;
      this.log.warn('the broker takes no messages', { reason });
    });
    this.manager.on('unblocked', () => {
      this.reason = undefined;
      this.log.info('the broker takes messages again');
    });
  }

  /** Why the broker has blocked this connection (memory or disk alarm); undefined when it has not. */
  get blocked(): string | undefined {
    return this.reason;
  }

  /** The open connection. Throws {@link BusUnavailable} when there is none. */
  get open(): ChannelModel {
    if (!this.current) throw new BusUnavailable('the broker is not connected');
    return this.current;
  }

  /** Waits for an open connection; undefined when `signal` aborts before. */
  async ready(signal: AbortSignal): Promise<ChannelModel | undefined> {
    while (!this.current && !signal.aborted) {
      try {
        await once(this.manager, 'connect', { signal });
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
    return signal.aborted ? undefined : this.current;
  }

  async close(): Promise<void> {
    this.current = undefined;
    await this.manager.close();
  }

  private connected(): void {
    this.current = this.manager.connection;
    this.reason = undefined;
    if (this.failures > 0) this.log.info('connected to the broker again', { failures: this.failures });
    this.failures = 0;
    this.complainedMs = Number.NEGATIVE_INFINITY;
  }

  private disconnected(error: Error | undefined): void {
    this.current = undefined;
    this.failures += 1;
    this.manager.reconnectTimeInSeconds = this.pauseS();
    const now = this.runtime.clock.elapsedMs();
    if (now - this.complainedMs < COMPLAIN_EVERY_MS) return;
    this.complainedMs = now;
    this.log.warn('no connection to the broker', { error, failures: this.failures });
  }

  private pauseS(): number {
    const ceiling = Math.min(RECONNECT_MAX_S, RECONNECT_MIN_S * 2 ** Math.max(1, this.failures));
    return RECONNECT_MIN_S + this.runtime.random.next() * (ceiling - RECONNECT_MIN_S);
  }
}
