import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { handleOnce } from '@panda/bus';
import { Database, openPool } from '@panda/database';
import { brokerUrl, bus, busDrivers, type TestBus } from '../bus/bus.js';
import { Gathered } from '../bus/gathered.js';
import { CutProxy } from '../net/cut-proxy.js';
import { BusStory, envelopes, forEach, latch, outside, plain, publishSurely, QUICK } from './bus-story.js';

/** What every driver does when a process or a connection ends. */
describe.each(await busDrivers())('interruptions over %s', (driver) => {
  let story: BusStory;
  beforeAll(async () => {
    story = await BusStory.begin(driver);
  });
  afterAll(() => story.end());

  it('finishes the message in hand when it is stopped, and gives back those not begun', async () => {
    const first = await story.open();
    const gate = latch();
    const begun = new Gathered<number>();
    const done = new Gathered<number>();
    const consumer = first.bus.consume(
      plain,
      'one',
      forEach(async ({ envelope: { seq } }) => {
        begun.add(seq);
        await gate.opened;
        done.add(seq);
      }),
      { prefetch: 10 },
    );
    await first.bus.publish(plain, envelopes(20));
    await begun.count(1);
    const stopped = consumer.stop();
    gate.open();
    await stopped;
    expect(done.items).toEqual([1]);

    const second = await story.open({ prefix: first.prefix });
    second.bus.consume(
      plain,
      'one',
      forEach(({ envelope: { seq } }) => done.add(seq)),
    );
    await done.count(20);
    expect(new Set(done.items).size).toBe(20);
    expect(done.items).toHaveLength(20);
  });

  it('hands a message over again when its consumer died with it', async () => {
    const first = await story.open({ drainMs: 0, leaseMs: 300 });
    const begun = latch();
    first.bus.consume(plain, 'one', () => {
      begun.open();
      return new Promise(() => undefined);
    });
    const [sent] = envelopes(1);
    await first.bus.publish(plain, sent ? [sent] : []);
    await begun.opened;
    await first.close();

    const second = await story.open({ prefix: first.prefix });
    const got = new Gathered<string>();
    second.bus.consume(
      plain,
      'one',
      forEach(({ envelope }) => got.add(envelope.messageId)),
    );
    expect(await got.count(1)).toEqual([sent?.messageId]);
  });

  it('keeps a message whose handling takes longer than a lease', async () => {
    const test = await story.open({ leaseMs: 2000 });
    const rival = await story.open({ leaseMs: 2000, prefix: test.prefix });
    const got = new Gathered<string>();
    const handler = forEach(async ({ envelope }) => {
      got.add(envelope.messageId);
      await new Promise((resolve) => setTimeout(resolve, 3000)); // more than a lease of real time
      done.open();
    });
    const done = latch();
    for (const { bus: each } of [test, rival]) each.consume(plain, 'one', handler);
    await test.bus.publish(plain, envelopes(1));
    await done.opened;
    expect(got.items).toHaveLength(1);
  });

  it('goes on after its connections are cut, losing nothing and repeating no effect', async () => {
    const proxied = await behindProxy(story);
    const consumer = `cut-${driver}`;
    const effects = new Gathered<string>();
    proxied.test.bus.consume(
      plain,
      'one',
      (deliveries) =>
        handleOnce(story.db.database, consumer, deliveries, async (_tx, fresh) => {
          effects.add(...fresh.map(({ envelope }) => envelope.messageId));
        }),
      { batch: 10, prefetch: 20 },
    );
    const sent = envelopes(200);
    for (let n = 0; n < sent.length; n += 20) {
      if (n === 60 || n === 140) proxied.proxy.cut();
      await publishSurely(proxied.test, sent.slice(n, n + 20));
    }
    await effects.until((items) => new Set(items).size === sent.length);
    expect(new Set(effects.items)).toEqual(new Set(sent.map(({ messageId }) => messageId)));
    expect(effects.items).toHaveLength(sent.length);
    await proxied.close();
  }, 30_000);

  it('refuses messages it cannot deliver to, and says so when it is asked', async () => {
    const proxied = await behindProxy(story);
    proxied.proxy.refuse(true);
    await expect(publishOnceDown(proxied.test)).rejects.toThrow();
    await expect(proxied.test.bus.ping()).rejects.toThrow();
    proxied.proxy.refuse(false);
    await publishSurely(proxied.test, envelopes(1));
    await proxied.close();
  }, 30_000);

  /** A bus whose connections lead through a proxy. */
  async function behindProxy(of: BusStory): Promise<{ test: TestBus; proxy: CutProxy; close(): Promise<void> }> {
    const target = driver === 'rabbitmq' ? brokerUrl() : new URL(of.db.url);
    const proxy = await CutProxy.open(target, driver === 'rabbitmq' ? 5672 : 5432);
    const through = proxy.through(target);
    if (driver === 'rabbitmq') {
      const test = await of.open({ amqpUrl: through });
      return { test, proxy, close: () => test.close().then(() => proxy.close()) };
    }
    const pool = {
      url: through,
      max: 4,
      applicationName: 'test',
      statementTimeoutMs: 30_000,
      lockTimeoutMs: 10_000,
      idleInTransactionMs: 60_000,
    };
    const database = new Database(openPool(pool));
    const test = bus('postgres', database, { topics: [plain, outside], retry: QUICK, leaseMs: 500 });
    return {
      test,
      proxy,
      close: () =>
        test
          .close()
          .then(() => Promise.all([database.close(), proxy.close()]))
          .then(() => undefined),
    };
  }

  /** The first publish may still meet a connection that is being closed; the second cannot. */
  async function publishOnceDown({ bus: target }: TestBus): Promise<void> {
    await target.publish(plain, envelopes(1));
    await target.publish(plain, envelopes(1));
  }
});
