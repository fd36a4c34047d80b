import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Health, jittered } from '@panda/domain';
import type { BusConfig } from '../bus.config.js';
import { busKeys } from '../bus.config.js';
import { BusRuntime } from '../bus-runtime.js';
import type { OpenBus } from '../open-bus.js';
import { OutboxRelay } from '../outbox/outbox-relay.js';

/** Injection token of the {@link OpenBus} of this process. */
export const OPEN_BUS = Symbol('open-bus');

const PAUSE_MAX_MS = 15_000;
const COMPLAIN_EVERY_MS = 60_000;

/** Starts and stops what belongs to the bus. A service starts without its broker and becomes ready when that answers. */
@Injectable()
export class BusLife implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private readonly stopper = new AbortController();
  private declaring: Promise<void> | undefined;
  private keeper: { stop(): Promise<void> } | undefined;

  constructor(
    @Inject(OPEN_BUS) private readonly open: OpenBus,
    @Inject(busKeys.token) private readonly config: BusConfig,
    private readonly relay: OutboxRelay,
    private readonly runtime: BusRuntime,
    private readonly health: Health,
  ) {}

  onApplicationBootstrap(): void {
    this.health.register('bus', () => this.open.bus.ping());
    this.declaring = this.declare();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopper.abort();
    await Promise.all([this.relay.stop(), this.keeper?.stop(), this.open.bus.drain()]);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.open.bus.close();
    await this.declaring;
  }

  private async declare(): Promise<void> {
    const { clock, random, log } = this.runtime;
    let complainedMs = Number.NEGATIVE_INFINITY;
    for (let attempt = 0; !this.stopper.signal.aborted; attempt++) {
      try {
        await this.open.bus.declare();
        this.begin();
        return;
      } catch (error) {
        if (clock.elapsedMs() - complainedMs >= COMPLAIN_EVERY_MS) {
          complainedMs = clock.elapsedMs();
          log.warn('the bus is not ready yet', { driver: this.open.bus.driver, error });
        }
      }
      await clock.sleep(jittered(random, Math.min(PAUSE_MAX_MS, 200 * 2 ** attempt)), this.stopper.signal);
    }
  }

  private begin(): void {
    if (this.stopper.signal.aborted) return;
    this.runtime.log.info('the bus is ready', { driver: this.open.bus.driver });
    this.keeper = this.open.keepDeadLetters();
    if (this.config.relay) this.relay.start();
  }
}
