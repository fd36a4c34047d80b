import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { PRESENCE_MS, PresenceRepository } from '@panda/database';
import { Clock, Log } from '@panda/domain';

/** Says that updates of pilots are taken. Times without this word lengthen the heartbeat limits: D6, a pilot is not to blame for us. */
@Injectable()
export class Presence implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private loop: Promise<void> | undefined;

  constructor(
    private readonly presence: PresenceRepository,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.loop ??= this.keepSaying();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  private async keepSaying(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.presence.mark('gateway');
      } catch (error) {
        this.log.warn('the presence of the gateway could not be noted', { error });
      }
      await this.clock.sleep(PRESENCE_MS, signal);
    }
  }
}
