import type { Bus, Delivery, Envelope } from '@panda/bus';
import { OutboxRelay, SCHEMA_VERSION } from '@panda/bus';
import { topics } from '@panda/contracts';
import { nudge } from '@panda/database';
import { UuidV7 } from '@panda/runtime';
import { type BusDriver, bus, busDrivers, deleteQueues, Gathered, pg, type TestBus, type TestDatabase } from '@panda/testing';
import { type BareCarrier, barePostgres } from './bare-postgres.js';
import { bareRabbit } from './bare-rabbit.js';
import { type Measurement, medianMs, rate } from './measure.js';

const COUNT = 10_000;
const BATCH = 500;
const ids = new UuidV7();
/** About 450 bytes with its envelope, as a nudge of some tens of ids. */
const PAYLOAD = { ids: Array.from({ length: 40 }, (_, n) => 30_000_000 + n) };
const TOPIC = topics.taskReady;
const CONSUMER = 'jedi-job-generator';

function messages(count: number): Envelope[] {
  return Array.from({ length: count }, (_, n) => ({
    messageId: ids.next(),
    type: TOPIC.name,
    schemaVersion: SCHEMA_VERSION,
    aggregate: `task:${n}`,
    seq: n,
    occurredAt: new Date().toISOString(),
    producer: 'bench',
    payload: PAYLOAD,
  }));
}

/** Rates and latency of both drivers, beside bare amqplib and the bare statements on the same servers. */
export async function busBench(): Promise<Measurement[]> {
  const found: Measurement[] = [];
  for (const driver of await busDrivers()) {
    const db = await pg();
    const body = JSON.stringify(PAYLOAD);
    const alone =
      driver === 'rabbitmq' ? bareRabbit(COUNT, BATCH, Buffer.from(body)) : barePostgres(db.database, COUNT, BATCH, body);
    const bare = await alone;
    const test = bus(driver, db.database);
    try {
      await test.bus.declare();
      found.push(...(await carried(driver, test.bus, bare)), ...(await throughOutbox(driver, test, db)));
    } finally {
      await test.close();
      await deleteQueues(test);
      await db.close();
    }
  }
  return found;
}

async function carried(driver: BusDriver, on: Bus, bare: BareCarrier): Promise<Measurement[]> {
  const batches = Array.from({ length: COUNT / BATCH }, () => messages(BATCH));
  const publish = await rate(COUNT, async () => {
    for (const batch of batches) await on.publish(TOPIC, batch);
  });
  const got = new Gathered<Delivery>();
  const consume = await rate(COUNT, async () => {
    on.consume(TOPIC, CONSUMER, async (deliveries) => got.add(...deliveries), { prefetch: 200, batch: 50 });
    await got.count(COUNT);
  });
  const latency = await medianMs(300, async () => {
    const before = got.items.length;
    await on.publish(TOPIC, messages(1));
    await got.count(before + 1);
  });
  return [
    { what: `${driver}: publish in batches of ${BATCH}, confirmed`, unit: 'messages/s', ours: publish, bare: bare.publish },
    { what: `${driver}: consume and settle`, unit: 'messages/s', ours: consume, bare: bare.consume },
    { what: `${driver}: published until handled, median`, unit: 'ms', ours: latency, bare: bare.roundTripMs },
  ];
}

/** From the transaction that announces work to the handler that is woken. */
async function throughOutbox(driver: BusDriver, test: TestBus, db: TestDatabase): Promise<Measurement[]> {
  const relay = new OutboxRelay(db.database, test.bus, test.runtime, { batch: BATCH, pollMs: 1_000 });
  const got = new Gathered<Delivery>();
  const consumer = test.bus.consume(topics.taskPrepared, 'jedi-post-processor', async (deliveries) => got.add(...deliveries), {
    prefetch: 200,
    batch: 50,
  });
  const announce = (id: number): Promise<number> => db.database.transaction((tx) => nudge(tx, topics.taskPrepared, [id]));
  try {
    const backlog = 5_000;
    await db.database.transaction(async (tx) => {
      for (let id = 1; id <= backlog; id++) await nudge(tx, topics.taskPrepared, [id]);
    });
    const drained = await rate(backlog, async () => {
      relay.start();
      await got.count(backlog);
    });
    const latency = await medianMs(200, async () => {
      const before = got.items.length;
      await announce(before);
      await got.count(before + 1);
    });
    return [
      { what: `${driver}: outbox backlog until handled`, unit: 'messages/s', ours: drained },
      { what: `${driver}: commit until handled, median`, unit: 'ms', ours: latency },
    ];
  } finally {
    await relay.stop();
    await consumer.stop();
  }
}
