import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics } from '@panda/contracts';
import { statement } from '@panda/database';
import { bus, Gathered, pg, type TestBus, type TestDatabase } from '@panda/testing';
import type { Envelope } from '../bus.js';
import { DeadLetters } from '../dead-letter/dead-letters.js';
import { DELIVERY_LIMIT } from '../topology.js';

const handedOver = statement<{ times: number }, { id: number }>(
  'test.handedOver',
  'update panda_ops.bus_message set attempt = $times::int returning id',
);
/** What a NOTIFY that was lost leaves: the row alone. */
const unannounced = statement<{ queue: string }, { id: number }>(
  'test.unannounced',
  `insert into panda_ops.bus_message (queue, key, headers, body) values ($queue, '',
     '{"messageId":"01890000-0000-7000-8000-000000000009","type":"task.ready","headers":{"x-schema-version":"1.0","x-seq":9}}',
     '{"ids":[9]}') returning id`,
);
const remaining = statement<object, { messages: number }>(
  'test.remaining',
  'select count(*)::int as messages from panda_ops.bus_message',
);

const envelope = (seq: number): Envelope => ({
  messageId: `01890000-0000-7000-8000-${seq.toString().padStart(12, '0')}`,
  type: topics.taskReady.name,
  schemaVersion: '1.0',
  aggregate: `task:${seq}`,
  seq,
  occurredAt: '2021-11-22T12:00:00.123Z',
  producer: 'test',
  payload: { ids: [seq] },
});

describe('the PostgreSQL driver', () => {
  let db: TestDatabase;
  const opened: TestBus[] = [];
  beforeAll(async () => {
    db = await pg();
  });
  afterAll(async () => {
    for (const test of opened) await test.close();
    await db.close();
  });
  const open = (leaseMs?: number): TestBus => {
    const test = bus('postgres', db.database, { leaseMs });
    opened.push(test);
    return test;
  };

  it('puts a message aside that kills its consumer again and again', async () => {
    const test = open(90);
    await test.bus.publish(topics.taskReady, [envelope(1)]);
    await db.database.run(handedOver, { times: DELIVERY_LIMIT });
    const got = new Gathered<number>();
    test.bus.consume(topics.taskReady, 'jedi-job-generator', async (deliveries) =>
      got.add(...deliveries.map((d) => d.envelope.seq)),
    );
    for (;;) {
      const [letter] = await new DeadLetters(db.database, test.bus).list();
      if (letter) {
        expect(letter).toMatchObject({ reason_code: 'delivery_limit', attempts: DELIVERY_LIMIT, envelope: envelope(1) });
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 10)); // polls the table the bus writes
    }
    expect(got.items).toEqual([]);
  });

  it('leaves nothing of a message that is done', async () => {
    const test = open();
    const got = new Gathered<number>();
    const consumer = test.bus.consume(topics.taskReady, 'jedi-job-generator', async (deliveries) =>
      got.add(...deliveries.map((d) => d.envelope.seq)),
    );
    await test.bus.publish(topics.taskReady, [envelope(2), envelope(3)]);
    await got.count(2);
    await consumer.stop();
    expect(await db.database.run(remaining, {})).toEqual([{ messages: 0 }]);
  });

  it('finds messages by polling when nobody announces them', async () => {
    const test = open();
    const got = new Gathered<number>();
    test.bus.consume(topics.taskReady, 'jedi-job-generator', async (deliveries) =>
      got.add(...deliveries.map((d) => d.envelope.seq)),
    );
    const queue = test.bus.topology.work.find(({ topic }) => topic === topics.taskReady)?.name ?? '';
    await db.database.run(unannounced, { queue });
    expect(await got.count(1)).toEqual([9]);
  });
});
