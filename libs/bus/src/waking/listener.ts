import { type Database, DedicatedSession } from '@panda/database';
import { jittered } from '@panda/domain';
import type { BusRuntime } from '../bus-runtime.js';

const REOPEN_MS = 1_000;

/**
 * Hears the notifications of a channel, on a connection of its own that comes back. Notifications only shorten a wait: what
 * is said while the connection is away is found by polling, and `heard` is called once after each reconnect.
 */
export class Listener {
  private readonly stopper = new AbortController();
  private readonly loop: Promise<void>;

  constructor(
    private readonly database: Database,
    private readonly channel: string,
    private readonly runtime: BusRuntime,
    /** The payload of a notification; undefined after a reconnect: anything may have been said. */
    private readonly heard: (payload: string | undefined) => void,
  ) {
    this.loop = this.run();
  }

  async close(): Promise<void> {
    this.stopper.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    const { clock, random, log } = this.runtime;
    const { signal } = this.stopper;
    while (!signal.aborted) {
      try {
        await this.listen();
      } catch (error) {
        if (!signal.aborted) log.warn('notifications are not heard, polling goes on', { channel: this.channel, error });
      }
      await clock.sleep(jittered(random, REOPEN_MS), signal);
    }
  }

  /** Resolves when the connection is gone or this is closed. */
  private async listen(): Promise<void> {
    const session = await DedicatedSession.open(this.database);
    const ended = AbortSignal.any([session.lost, this.stopper.signal]);
    try {
      await session.listen(this.channel, this.heard);
      this.heard(undefined);
      if (!ended.aborted) await new Promise((resolve) => ended.addEventListener('abort', resolve, { once: true }));
    } finally {
      if (!session.lost.aborted) await session.close();
    }
  }
}
