import {
  type BusRow,
  type Database,
  delayBusMessage,
  dropBusMessages,
  extendBusMessages,
  releaseBusMessages,
  storeDeadLetter,
  takeBusMessages,
  takeDeadlyBusMessages,
} from '@panda/database';
import type { BusRuntime } from '../bus-runtime.js';
import { newDeadLetter } from '../dead-letter/new-dead-letter.js';
import type { DelayQueue, WorkQueue } from '../topology.js';
import { Bell } from '../waking/bell.js';
import type { Arrival, Intake, Reason } from '../wire/transport.js';
import { fromRow, toRow } from './pg-message.js';

export interface PgArrival extends Arrival {
  readonly id: number;
}

export interface PgIntakeSettings {
  readonly prefetch: number;
  /** Without notification the queue is looked at this often. */
  readonly pollMs: number;
  /** A message not settled for so long is handed over again; long handlers renew. */
  readonly leaseMs: number;
}

/** Takes messages of one queue under a lease, keeps the leases of those in hand, and settles them. */
export class PgIntake implements Intake<PgArrival> {
  private readonly bell: Bell;
  private readonly held = new Set<number>();
  private readonly pausing = new AbortController();
  private readonly ending = new AbortController();
  private readonly taking: Promise<void>;
  private readonly keeping: Promise<void>;

  constructor(
    private readonly database: Database,
    private readonly queue: WorkQueue,
    private readonly settings: PgIntakeSettings,
    private readonly runtime: BusRuntime,
    private readonly arrived: (arrival: PgArrival) => void,
  ) {
    this.bell = new Bell(runtime.clock);
    this.taking = this.take();
    this.keeping = this.keep();
  }

  /** There may be something to take. */
  wake(): void {
    this.bell.ring();
  }

  async ack(arrivals: readonly PgArrival[]): Promise<void> {
    await this.database.run(dropBusMessages, { ids: this.letGo(arrivals) });
  }

  async release(arrivals: readonly PgArrival[]): Promise<void> {
    await this.database.run(releaseBusMessages, { ids: this.letGo(arrivals) });
  }

  async retry(arrival: PgArrival, delay: DelayQueue, headers: Readonly<Record<string, unknown>>): Promise<void> {
    const { message } = arrival;
    const row = toRow({ ...message, properties: { ...message.properties, headers } });
    this.letGo([arrival]);
    await this.database.run(delayBusMessage, { id: arrival.id, delayMs: delay.delayMs, headers: row.headers });
  }

  async bury(arrival: PgArrival, reason: Reason): Promise<void> {
    const letter = newDeadLetter(arrival.message, this.queue.name, this.queue, reason);
    this.letGo([arrival]);
    await this.database.transaction(async (tx) => {
      await tx.run(storeDeadLetter, letter);
      await tx.run(dropBusMessages, { ids: [arrival.id] });
    });
  }

  async pause(): Promise<void> {
    this.pausing.abort();
    await this.taking;
  }

  /** True after {@link end}. */
  get ended(): boolean {
    return this.ending.signal.aborted;
  }

  async end(): Promise<void> {
    this.pausing.abort();
    this.ending.abort();
    await Promise.all([this.taking, this.keeping]);
  }

  /** No longer in hand, whatever comes of the settlement: if that fails, the lease ends by itself. */
  private letGo(arrivals: readonly PgArrival[]): number[] {
    const ids = arrivals.map(({ id }) => id);
    for (const id of ids) this.held.delete(id);
    this.bell.ring();
    return ids;
  }

  private async take(): Promise<void> {
    const { signal } = this.pausing;
    while (!signal.aborted) {
      const room = this.settings.prefetch - this.held.size;
      // Few large statements beat many small ones: it is asked again when half of the messages in hand are done.
      const enough = room * 2 >= this.settings.prefetch;
      const taken = enough ? await this.takeUpTo(room) : 0;
      if (!enough || taken < room) await this.bell.wait(this.settings.pollMs, signal);
    }
  }

  private async takeUpTo(limit: number): Promise<number> {
    try {
      const queue = this.queue.name;
      const rows = await this.database.run(takeBusMessages, { queue, limit, leaseMs: this.settings.leaseMs });
      for (const row of rows.sort((a, b) => a.id - b.id)) {
        this.held.add(row.id);
        this.arrived({ id: row.id, message: fromRow(row), redeliveries: row.attempt - 1 });
      }
      return rows.length;
    } catch (error) {
      this.runtime.log.warn('a queue cannot be looked at, it is tried again', { queue: this.queue.name, error });
      return 0;
    }
  }

  /** Messages that were handed over again and again without an outcome: they seem to kill their consumer. */
  private async buryDeadly(): Promise<void> {
    await this.database.transaction(async (tx) => {
      for (const row of await tx.run(takeDeadlyBusMessages, { queue: this.queue.name, limit: 10 })) {
        await tx.run(storeDeadLetter, newDeadLetter(fromRow(row), this.queue.name, this.queue, this.deadly(row)));
      }
    });
  }

  private deadly(row: BusRow): Reason {
    const now = this.runtime.clock.now().toISOString();
    const text = `handed over ${row.attempt} times without an outcome`;
    return { code: 'delivery_limit', text, firstFailedAt: now, lastFailedAt: now, attempts: row.attempt };
  }

  private async keep(): Promise<void> {
    const { leaseMs } = this.settings;
    const { signal } = this.ending;
    while (!signal.aborted) {
      await this.runtime.clock.sleep(leaseMs / 3, signal);
      if (signal.aborted) return;
      try {
        if (this.held.size > 0) await this.database.run(extendBusMessages, { ids: [...this.held], leaseMs });
        await this.buryDeadly();
      } catch (error) {
        this.runtime.log.warn('leases of messages could not be renewed', { queue: this.queue.name, error });
      }
    }
  }
}
