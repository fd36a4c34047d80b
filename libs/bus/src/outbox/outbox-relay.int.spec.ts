import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Topic } from '@panda/contracts';
import { topics } from '@panda/contracts';
import { nudge, reopenLost, statement } from '@panda/database';
import { PromMetrics, SystemClock, SystemRandom, UuidV7 } from '@panda/runtime';
import { Gathered, pg, RecordingBus, RecordingLog, type TestDatabase } from '@panda/testing';
import type { Envelope } from '../bus.js';
import { BusRuntime } from '../bus-runtime.js';
import { BusUnavailable, Unprocessable } from '../failure.js';
import { OutboxRelay } from './outbox-relay.js';

/** A bus that tells what it got, and refuses topics on demand. */
class WatchedBus extends RecordingBus {
  readonly got = new Gathered<Envelope>();
  readonly refusals = new Map<string, Error>();
  readonly refused = new Gathered<string>();

  override async publish(topic: Topic, envelopes: readonly Envelope[]): Promise<void> {
    const error = this.refusals.get(topic.name);
    const bad = envelopes.find((envelope) => this.refusals.has(envelope.aggregate));
    if (error || bad) {
      this.refused.add(topic.name);
      throw error ?? this.refusals.get(bad?.aggregate ?? '');
    }
    await super.publish(topic, envelopes);
    this.got.add(...envelopes);
  }
}

interface OutboxState {
  routing_key: string;
  published: boolean;
  attempts: number;
  last_error: string | null;
}
const outboxState = statement<object, OutboxState>(
  'test.outboxState',
  'select routing_key, published_at is not null as published, attempts, last_error from panda_ops.outbox order by ord',
);
const deadLetters = statement<object, { reason_code: string; consumer: string; queue: string }>(
  'test.deadLetters',
  'select reason_code, consumer, queue from panda_ops.dead_letter order by id',
);
const endRelaySessions = statement<object, { ended: boolean }>(
  'test.endRelaySessions',
  `select pg_terminate_backend(pid) as ended from pg_locks where locktype = 'advisory' and objid = 7263413
     and database = (select oid from pg_database where datname = current_database())`,
);
const writeUnknown = statement<object, { id: string }>(
  'test.writeUnknown',
  `insert into panda_ops.outbox (aggregate, type, routing_key, payload) values ('task:1', 'task.unknown', 'task.unknown', '{}') returning id`,
);
const writeCritical = statement<object, { id: string }>(
  'test.writeCritical',
  `insert into panda_ops.outbox (aggregate, type, routing_key, payload, critical, published_at)
   values ('job:1', 'jobs.reported', 'jobs.reported', '{"ids":[1]}', true, now() - interval '20 minutes') returning id`,
);

describe('the outbox relay', () => {
  let db: TestDatabase;
  let relays: OutboxRelay[];
  beforeEach(async () => {
    db = await pg();
    relays = [];
  });
  afterEach(async () => {
    for (const relay of relays) await relay.stop();
    await db.close();
  });

  function relayOn(bus: WatchedBus, batch = 500): OutboxRelay {
    const metrics = new PromMetrics({ service: 'test', defaults: false });
    const runtime = new BusRuntime(new RecordingLog(), metrics, new SystemClock(), new UuidV7(), new SystemRandom());
    const relay = new OutboxRelay(db.database, bus, runtime, { batch, pollMs: 25 });
    relays.push(relay);
    return relay;
  }

  const announce = (topic: Topic, ...ids: number[]): Promise<number> => db.database.transaction((tx) => nudge(tx, topic, ids));

  async function untilOutbox(enough: (rows: OutboxState[]) => boolean): Promise<OutboxState[]> {
    for (;;) {
      const rows = await db.database.run(outboxState, {});
      if (enough(rows)) return rows;
      await new Promise((resolve) => setTimeout(resolve, 10)); // polls what the relay writes
    }
  }

  it('publishes what was committed, under the id of its row, and marks it', async () => {
    const bus = new WatchedBus();
    relayOn(bus).start();
    await announce(topics.taskSubmitted, 7);
    const [envelope] = await bus.got.count(1);
    expect(envelope).toMatchObject({ type: 'task.submitted', aggregate: 'task:7', schemaVersion: '1.0', payload: { ids: [7] } });
    expect(envelope?.messageId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    await untilOutbox((rows) => rows.every((row) => row.published));
  });

  it('publishes nothing of a transaction that was rolled back', async () => {
    const bus = new WatchedBus();
    relayOn(bus).start();
    const failed = db.database.transaction(async (tx) => {
      await nudge(tx, topics.taskSubmitted, [8]);
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    await announce(topics.taskSubmitted, 9);
    expect((await bus.got.count(1)).map(({ aggregate }) => aggregate)).toEqual(['task:9']);
  });

  it('keeps the order in which messages were written, over many batches', async () => {
    for (let id = 1; id <= 40; id++) await announce(topics.taskReady, id);
    const bus = new WatchedBus();
    relayOn(bus, 7).start();
    await bus.got.count(40);
    expect(bus.got.items.map(({ aggregate }) => aggregate)).toEqual(Array.from({ length: 40 }, (_, n) => `task:${n + 1}`));
  });

  it('leaves publishing to one process, and another takes over when that ends', async () => {
    const [first, second] = [new WatchedBus(), new WatchedBus()];
    const leader = relayOn(first);
    leader.start();
    await announce(topics.taskReady, 1);
    await first.got.count(1);
    relayOn(second).start();
    for (let id = 2; id <= 5; id++) await announce(topics.taskReady, id);
    await first.got.count(5);
    expect(second.got.items).toEqual([]);
    await leader.stop();
    await announce(topics.taskReady, 6);
    await second.got.count(1);
    expect(first.got.items).toHaveLength(5);
  });

  it('goes on after its session is ended by the server', async () => {
    const bus = new WatchedBus();
    relayOn(bus).start();
    await announce(topics.taskReady, 1);
    await bus.got.count(1);
    expect(await db.database.run(endRelaySessions, {})).toEqual([{ ended: true }]);
    await announce(topics.taskReady, 2);
    await bus.got.until((items) => items.some(({ aggregate }) => aggregate === 'task:2'));
  });

  it('keeps what is not taken, with the reason, while other topics go on', async () => {
    const bus = new WatchedBus();
    bus.refusals.set(topics.taskReady.name, new BusUnavailable('the queue is full'));
    relayOn(bus).start();
    await announce(topics.taskReady, 1);
    await bus.refused.count(1);
    await announce(topics.taskPrepared, 2);
    expect((await bus.got.count(1)).map(({ aggregate }) => aggregate)).toEqual(['task:2']);
    const [kept] = await untilOutbox((rows) => rows[1]?.published === true && rows[0]?.last_error !== null);
    expect(kept).toMatchObject({ published: false, last_error: 'the queue is full' });
    bus.refusals.clear();
    await bus.got.count(2);
  });

  it('puts aside the one message that can never be published, not those beside it', async () => {
    const bus = new WatchedBus();
    bus.refusals.set('task:2', new Unprocessable('too-large', 'a payload of 70000 bytes'));
    for (const id of [1, 2, 3]) await announce(topics.taskReady, id);
    relayOn(bus).start();
    expect((await bus.got.count(2)).map(({ aggregate }) => aggregate)).toEqual(['task:1', 'task:3']);
    await untilOutbox((rows) => rows.every((row) => row.published));
    expect(await db.database.run(deadLetters, {})).toEqual([
      { reason_code: 'too-large', consumer: 'outbox', queue: 'task.ready' },
    ]);
  });

  it('puts aside a message of a topic nobody knows', async () => {
    await db.database.run(writeUnknown, {});
    const bus = new WatchedBus();
    relayOn(bus).start();
    await untilOutbox((rows) => rows.every((row) => row.published));
    expect(await db.database.run(deadLetters, {})).toMatchObject([{ reason_code: 'unknown-topic' }]);
    expect(bus.got.items).toEqual([]);
  });

  it('publishes critical messages again that nobody has handled', async () => {
    const [written] = await db.database.run(writeCritical, {});
    const reopened = await db.database.run(reopenLost, { afterMs: 900_000, consumers: ['daemon'], limit: 10 });
    expect(reopened).toEqual([written]);
    const bus = new WatchedBus();
    relayOn(bus).start();
    expect((await bus.got.count(1))[0]?.messageId).toBe(written?.id);
  });
});
