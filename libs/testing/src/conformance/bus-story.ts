import type { Delivery, Envelope, Handler, RetryRule } from '@panda/bus';
import { SCHEMA_VERSION } from '@panda/bus';
import type { Topic } from '@panda/contracts';
import { UuidV7 } from '@panda/runtime';
import { type BusDriver, type BusOptions, bus, deleteQueues, type TestBus } from '../bus/bus.js';
import { pg, type TestDatabase } from '../pg/pg.js';

/** Topics of the tests only: one with two consumers, one for outside producers. */
export const plain: Topic = {
  name: 'test.plain',
  producers: ['test'],
  consumers: ['one', 'two'],
  about: 'tasks',
  doc: 'A message of the tests.',
};
export const outside: Topic = {
  name: 'test.outside',
  producers: ['external'],
  consumers: ['one'],
  about: 'external',
  doc: 'A message of an outside producer.',
};

/** The ladder in small: three tries, one at once. */
export const QUICK: RetryRule = { ladderMs: [60, 150], maxAttempts: 3, inProcessTries: 1 };

const ids = new UuidV7();

export function envelopes(count: number, over: Partial<Envelope> = {}): Envelope[] {
  return Array.from({ length: count }, (_, n) => ({
    messageId: ids.next(),
    type: plain.name,
    schemaVersion: SCHEMA_VERSION,
    aggregate: `task:${n + 1}`,
    seq: n + 1,
    occurredAt: '2021-11-22T12:00:00.123Z',
    producer: 'test',
    payload: { ids: [n + 1] },
    ...over,
  }));
}

export const transient = (): Error => Object.assign(new Error('the database is away'), { code: '08006' });

/** One database and the buses a test opens on it. */
export class BusStory {
  private readonly opened: TestBus[] = [];

  private constructor(
    readonly driver: BusDriver,
    readonly db: TestDatabase,
  ) {}

  static async begin(driver: BusDriver): Promise<BusStory> {
    return new BusStory(driver, await pg());
  }

  /** A declared bus of its own; with `prefix`, one more process on the queues of another. */
  async open(options: BusOptions = {}): Promise<TestBus> {
    const made = bus(this.driver, this.db.database, { topics: [plain, outside], retry: QUICK, ...options });
    this.opened.push(made);
    await made.bus.declare();
    return made;
  }

  /** The full name of a queue. */
  queue({ bus: { topology } }: TestBus, topic: Topic, consumer = 'one'): string {
    const found = topology.work.find((queue) => queue.topic.name === topic.name && queue.consumer === consumer);
    if (!found) throw new RangeError(`no queue of '${consumer}' for '${topic.name}'`);
    return found.name;
  }

  async end(): Promise<void> {
    for (const test of this.opened) await test.close();
    await deleteQueues(...this.opened);
    await this.db.close();
  }
}

/** Publishes as the outbox relay does: again under the same ids until it is confirmed. */
export async function publishSurely({ bus: target }: TestBus, messages: readonly Envelope[]): Promise<void> {
  for (;;) {
    try {
      return await target.publish(plain, messages);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 25)); // until the connection is back
    }
  }
}

/** A handler that calls `each` for every delivery. */
export function forEach(each: (delivery: Delivery) => void | Promise<void>): Handler {
  return async (deliveries) => {
    for (const delivery of deliveries) await each(delivery);
  };
}

/** A promise with its resolver beside it. */
export function latch(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
