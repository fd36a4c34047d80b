import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Topic } from '@panda/contracts';
import { brokerAnswers, brokerUrl, bus, deleteQueues, Gathered, pg, type TestBus, type TestDatabase } from '@panda/testing';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import type { Delivery, Envelope } from '../bus.js';
import { DeadLetters } from '../dead-letter/dead-letters.js';
import { DELIVERY_LIMIT } from '../topology.js';

const plain: Topic = { name: 'test.plain', producers: ['test'], consumers: ['one'], about: 'tasks', doc: 'A test.' };
const outside: Topic = { name: 'test.outside', producers: ['external'], consumers: ['one'], about: 'external', doc: 'A test.' };

const envelope = (seq: number): Envelope => ({
  messageId: `01890000-0000-7000-8000-${seq.toString().padStart(12, '0')}`,
  type: plain.name,
  schemaVersion: '1.0',
  aggregate: `task:${seq}`,
  seq,
  occurredAt: '2021-11-22T12:00:00.123Z',
  producer: 'test',
  payload: { ids: [seq] },
});

((await brokerAnswers()) ? describe : describe.skip)('the RabbitMQ driver', () => {
  let db: TestDatabase;
  let connection: ChannelModel;
  let channel: Channel;
  const opened: TestBus[] = [];
  beforeAll(async () => {
    db = await pg();
    connection = await connect(brokerUrl().toString());
    channel = await connection.createChannel();
  });
  afterAll(async () => {
    for (const test of opened) await test.close();
    await deleteQueues(...opened);
    await connection.close();
    await db.close();
  });

  async function open(options: Parameters<typeof bus>[2] = {}): Promise<TestBus> {
    const test = bus('rabbitmq', db.database, { topics: [plain, outside], ...options });
    opened.push(test);
    await test.bus.declare();
    return test;
  }
  const queueOf = (test: TestBus, topic: Topic): string =>
    test.bus.topology.work.find((queue) => queue.topic === topic)?.name ?? '';

  it('puts a message aside that kills its consumer again and again', async () => {
    const first = await open();
    await first.bus.publish(plain, [envelope(1)]);
    for (let death = 0; death <= DELIVERY_LIMIT; death++) {
      // A consumer that dies with the message in hand: its channel closes without an answer.
      const dying = await connection.createChannel();
      const got = new Promise((resolve) => void dying.consume(queueOf(first, plain), resolve));
      await got;
      await dying.close();
    }
    const keeper = first.keepDeadLetters();
    for (;;) {
      const [letter] = await new DeadLetters(db.database, first.bus).list({ queue: queueOf(first, plain) });
      if (letter) {
        expect(letter).toMatchObject({ reason_code: 'delivery_limit', consumer: 'one', envelope: envelope(1) });
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 10)); // polls the table the keeper writes
    }
    await keeper.stop();
  });

  it('hands over what an outside producer set: headers, name, time', async () => {
    const test = await open();
    const got = new Gathered<Delivery>();
    test.bus.consume(outside, 'one', async (deliveries) => got.add(...deliveries));
    channel.publish(test.bus.topology.exchange, outside.name, Buffer.from('{"a":1}'), {
      appId: 'idds',
      timestamp: 1_637_582_400,
      headers: { vo: 'atlas', msg_type: 'file_stagein' },
    });
    const [delivery] = await got.count(1);
    expect(delivery?.headers).toMatchObject({ vo: 'atlas', msg_type: 'file_stagein' });
    expect(delivery?.envelope).toMatchObject({ producer: 'idds', occurredAt: '2021-11-22T12:00:00.000Z', payload: { a: 1 } });
  });

  it('does not count a message as taken that no queue takes', async () => {
    const test = await open();
    await channel.deleteQueue(queueOf(test, plain));
    await expect(test.bus.publish(plain, [envelope(2)])).rejects.toThrow('no queue takes the message');
  });

  it('tries to consume a queue that was deleted until it is made anew', async () => {
    const test = await open();
    const got = new Gathered<number>();
    test.bus.consume(plain, 'one', async (deliveries) => got.add(...deliveries.map((delivery) => delivery.envelope.seq)));
    await test.bus.publish(plain, [envelope(3)]);
    await got.count(1);
    await channel.deleteQueue(queueOf(test, plain));
    while (!test.log.messages('warn').includes('a queue cannot be consumed, it is tried again')) {
      await new Promise((resolve) => setTimeout(resolve, 20)); // until the loss was noticed
    }
    await test.bus.declare();
    await test.bus.publish(plain, [envelope(4)]);
    expect(await got.count(2)).toEqual([3, 4]);
  });

  it('refuses a topology whose queues have other arguments', async () => {
    const test = await open();
    const name = queueOf(test, plain);
    await channel.deleteQueue(name);
    await channel.assertQueue(name, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    await expect(test.bus.declare()).rejects.toThrow('PRECONDITION_FAILED');
  });

  it('answers no ping, and takes no message, on a broker that is not there', async () => {
    const test = bus('rabbitmq', db.database, { topics: [plain], amqpUrl: 'amqp://127.0.0.1:1' });
    await expect(test.bus.ping()).rejects.toMatchObject({ kind: 'transient' });
    await expect(test.bus.publish(plain, [envelope(5)])).rejects.toMatchObject({ kind: 'transient' });
    await test.close();
  });
});
