import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Consumer, handleOnce } from '@panda/bus';
import { environment } from '@panda/config';
import { type BrokerEnd, installedRabbit, type PrivateBroker, startRabbit } from '../broker/private-rabbitmq.js';
import { bus, type TestBus } from '../bus/bus.js';
import { Gathered } from '../bus/gathered.js';
import { pg, type TestDatabase } from '../pg/pg.js';
import { envelopes, outside, plain, publishSurely, QUICK } from './bus-story.js';

const START_MS = 90_000;
const program = installedRabbit();
if (!program) process.stderr.write('\n*** no RabbitMQ is installed: the tests of its restart are SKIPPED ***\n\n');

/** A broker's process that ends and comes back, which no cut connection shows: its queues are read from disk. */
(program ? describe : describe.skip)('a restart of the broker', () => {
  let broker: PrivateBroker;
  let db: TestDatabase;
  let test: TestBus;

  beforeAll(async () => {
    [broker, db] = await Promise.all([startRabbit(program ?? '', environment()), pg()]);
    test = bus('rabbitmq', db.database, { amqpUrl: broker.url, topics: [plain, outside], retry: QUICK });
    await test.bus.declare();
  }, START_MS);
  afterAll(async () => {
    await test?.close();
    await Promise.all([broker?.stop(), db?.close()]);
  }, START_MS);

  it.each<BrokerEnd>(['SIGTERM', 'SIGKILL'])(
    'by %s keeps what was confirmed, and consumers and publishers go on',
    async (end) => {
      const sent = envelopes(20);
      const ids = sent.map(({ messageId }) => messageId);
      const running = gathering('one', end);
      await publishSurely(test, sent.slice(0, 10));
      await running.effects.count(10);
      await broker.restart(end);
      await publishSurely(test, sent.slice(10));
      expect(await running.effects.count(20)).toEqual(ids);

      const late = gathering('two', end); // its queue held the first ten while the broker was away
      expect(await late.effects.count(20)).toEqual(ids);
      expect(running.effects.items).toHaveLength(20);
      await Promise.all([running.consumer.stop(), late.consumer.stop()]);
    },
    START_MS,
  );

  /** A consumer that takes each message once, whatever the broker hands over again. */
  function gathering(name: string, run: string): { consumer: Consumer; effects: Gathered<string> } {
    const effects = new Gathered<string>();
    const consumer = test.bus.consume(plain, name, (deliveries) =>
      handleOnce(db.database, `${name}-${run}`, deliveries, async (_tx, fresh) => {
        effects.add(...fresh.map(({ envelope }) => envelope.messageId));
      }),
    );
    return { consumer, effects };
  }
});
