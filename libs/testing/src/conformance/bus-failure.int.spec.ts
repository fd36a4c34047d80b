import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DeadLetters, type Delivery, handleOnce, Unprocessable } from '@panda/bus';
import { type DeadLetterRow, statement } from '@panda/database';
import { busDrivers, type TestBus } from '../bus/bus.js';
import { Gathered } from '../bus/gathered.js';
import { BusStory, envelopes, forEach, latch, plain, QUICK, transient } from './bus-story.js';

const countInbox = statement<{ consumer: string }, { handled: number }>(
  'test.countInbox',
  'select count(*)::int as handled from panda_ops.inbox where consumer = $consumer',
);

/** What every driver does with messages whose handling fails. */
describe.each(await busDrivers())('failures over %s', (driver) => {
  let story: BusStory;
  const keepers: { stop(): Promise<void> }[] = [];
  beforeAll(async () => {
    story = await BusStory.begin(driver);
  });
  afterAll(async () => {
    for (const keeper of keepers) await keeper.stop();
    await story.end();
  });

  async function opened(options: Parameters<BusStory['open']>[0] = {}): Promise<TestBus & { letters: DeadLetters }> {
    const test = await story.open(options);
    keepers.push(test.keepDeadLetters());
    return { ...test, letters: new DeadLetters(story.db.database, test.bus) };
  }

  /** The dead letters of a queue, once there are `count`. */
  async function dead(test: { letters: DeadLetters }, queue: string, count: number): Promise<DeadLetterRow[]> {
    for (;;) {
      const rows = await test.letters.list({ queue, state: 'open' });
      if (rows.length >= count) return rows;
      await new Promise((resolve) => setTimeout(resolve, 10)); // polls the table another process writes
    }
  }

  it('tries a transient failure at once again, before any delay', async () => {
    const test = await opened({ retry: { ...QUICK, inProcessTries: 3 } });
    const attempts = new Gathered<number>();
    test.bus.consume(
      plain,
      'one',
      forEach(({ attempt }) => {
        attempts.add(attempt);
        if (attempts.items.length < 3) throw transient();
      }),
    );
    await test.bus.publish(plain, envelopes(1));
    expect(await attempts.count(3)).toEqual([1, 1, 1]);
  });

  it('retries a transient failure after the delays of the ladder', async () => {
    const test = await opened();
    const tries = new Gathered<{ attempt: number; at: number }>();
    test.bus.consume(
      plain,
      'one',
      forEach(({ attempt }) => {
        tries.add({ attempt, at: performance.now() });
        if (attempt < 3) throw transient();
      }),
    );
    await test.bus.publish(plain, envelopes(1));
    const [first, second, third] = await tries.count(3);
    expect([first?.attempt, second?.attempt, third?.attempt]).toEqual([1, 2, 3]);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(55);
    expect((third?.at ?? 0) - (second?.at ?? 0)).toBeGreaterThanOrEqual(145);
  });

  it('puts a message aside when it has failed too often, with its whole story', async () => {
    const test = await opened();
    test.bus.consume(plain, 'one', () => Promise.reject(transient()));
    const [sent] = envelopes(1);
    await test.bus.publish(plain, sent ? [sent] : []);
    const queue = story.queue(test, plain);
    const [letter] = await dead(test, queue, 1);
    expect(letter).toMatchObject({
      message_id: sent?.messageId,
      consumer: 'one',
      reason_code: 'exhausted',
      reason_text: 'the database is away',
      attempts: 3,
      envelope: sent,
      raw: null,
    });
    expect((letter?.last_failed_at.getTime() ?? 0) - (letter?.first_failed_at.getTime() ?? 0)).toBeGreaterThanOrEqual(200);
  });

  it('puts a message aside at once when it can never be handled, and goes on with the others', async () => {
    const test = await opened();
    const got = new Gathered<number>();
    test.bus.consume(
      plain,
      'one',
      forEach(({ envelope: { seq } }) => {
        if (seq === 2) throw new Unprocessable('no-such-task', 'task 2 does not exist');
        got.add(seq);
      }),
    );
    await test.bus.publish(plain, envelopes(3));
    expect(await got.count(2)).toEqual([1, 3]);
    const [letter] = await dead(test, story.queue(test, plain), 1);
    expect(letter).toMatchObject({ reason_code: 'no-such-task', reason_text: 'task 2 does not exist', attempts: 1 });
  });

  it('takes a failed batch apart, so that only the bad one suffers', async () => {
    const test = await opened();
    const got = new Gathered<number>();
    const handler = async (deliveries: readonly Delivery[]): Promise<void> => {
      if (deliveries.some(({ envelope }) => envelope.seq === 4)) throw new Unprocessable('bad', 'the fourth');
      got.add(...deliveries.map(({ envelope }) => envelope.seq));
    };
    await test.bus.publish(plain, envelopes(8));
    test.bus.consume(plain, 'one', handler, { batch: 8, prefetch: 8 });
    await got.count(7);
    expect(new Set(got.items)).toEqual(new Set([1, 2, 3, 5, 6, 7, 8]));
    await dead(test, story.queue(test, plain), 1);
  });

  it('puts aside what it cannot read, with its bytes', async () => {
    const test = await opened();
    const got = new Gathered<Delivery>();
    test.bus.consume(
      plain,
      'one',
      forEach((delivery) => got.add(delivery)),
    );
    const queue = story.queue(test, plain);
    await test.bus.replay([{ queue, content: { raw: Buffer.from('garbage') } }]);
    const [letter] = await dead(test, queue, 1);
    expect(letter).toMatchObject({ reason_code: 'malformed', envelope: null, raw: Buffer.from('garbage') });
    expect(got.items).toEqual([]);
  });

  it('puts aside a message of a newer major version or of an unknown type', async () => {
    const test = await opened();
    test.bus.consume(plain, 'one', () => Promise.resolve());
    await test.bus.publish(plain, [...envelopes(1, { schemaVersion: '2.0' }), ...envelopes(1, { type: 'test.unknown' })]);
    const letters = await dead(test, story.queue(test, plain), 2);
    expect(letters.map((letter) => letter.reason_code)).toEqual(['unsupported', 'unsupported']);
    expect(letters.map((letter) => letter.reason_text).sort()).toEqual([
      'schema version 2.0 is newer than 1.0',
      "the type 'test.unknown' is not known",
    ]);
  });

  it('reads a newer minor version', async () => {
    const test = await opened();
    const got = new Gathered<Delivery>();
    test.bus.consume(
      plain,
      'one',
      forEach((delivery) => got.add(delivery)),
    );
    await test.bus.publish(plain, envelopes(1, { schemaVersion: '1.7' }));
    expect((await got.count(1))[0]?.envelope.schemaVersion).toBe('1.7');
  });

  it('gives up a handler that exceeds its time, and tells it so', async () => {
    const test = await opened({ handlerLimitMs: 100 });
    const overdue = latch();
    const attempts = new Gathered<number>();
    test.bus.consume(plain, 'one', async ([delivery], signal) => {
      attempts.add(delivery?.attempt ?? 0);
      if (delivery?.attempt !== 1) return;
      signal.addEventListener('abort', overdue.open);
      await new Promise(() => undefined);
    });
    await test.bus.publish(plain, envelopes(1));
    await overdue.opened;
    expect(await attempts.count(2)).toEqual([1, 2]);
  });

  it('replays a dead letter under its own id, once, and a repeat has no second effect', async () => {
    const test = await opened();
    const consumer = `replayed-${driver}`;
    let broken = true;
    const done = new Gathered<string>();
    const handled = new Gathered<string>();
    test.bus.consume(plain, 'one', async (deliveries) => {
      if (broken) throw new Unprocessable('broken', 'not mended yet');
      await handleOnce(story.db.database, consumer, deliveries, async (_tx, fresh) => {
        done.add(...fresh.map(({ envelope }) => envelope.messageId));
      });
      handled.add(...deliveries.map(({ envelope }) => envelope.messageId));
    });
    const sent = envelopes(2);
    await test.bus.publish(plain, sent);
    const queue = story.queue(test, plain);
    await dead(test, queue, 2);
    broken = false;

    expect(await test.letters.replay({ queue }, 'operator')).toHaveLength(2);
    await done.count(2);
    expect(new Set(done.items)).toEqual(new Set(sent.map(({ messageId }) => messageId)));
    expect(await test.letters.replay({ queue }, 'operator')).toEqual([]);
    expect(await test.letters.list({ queue, state: 'replayed' })).toMatchObject([
      { resolved_by: 'operator' },
      { resolved_by: 'operator' },
    ]);

    await test.bus.publish(plain, sent);
    await handled.count(4);
    expect(done.items).toHaveLength(2);
    expect(await story.db.database.run(countInbox, { consumer })).toEqual([{ handled: 2 }]);
  });

  it('replays bytes it could not read as they came', async () => {
    const test = await opened();
    test.bus.consume(plain, 'one', () => Promise.resolve());
    const queue = story.queue(test, plain);
    await test.bus.replay([{ queue, content: { raw: Buffer.from([0, 255, 7]) } }]);
    const [letter] = await dead(test, queue, 1);
    await test.letters.replay({ ids: [letter?.id ?? 0] }, 'operator');
    const [again] = await dead(test, queue, 1);
    expect(again?.id).not.toBe(letter?.id);
    expect(again?.raw).toEqual(Buffer.from([0, 255, 7]));
  });

  it('discards dead letters for good', async () => {
    const test = await opened();
    test.bus.consume(plain, 'one', () => Promise.reject(new Unprocessable('bad', 'never')));
    await test.bus.publish(plain, envelopes(1));
    const queue = story.queue(test, plain);
    await dead(test, queue, 1);
    expect(await test.letters.discard({ queue, reasonCode: 'bad' }, 'operator')).toHaveLength(1);
    expect(await test.letters.replay({ queue }, 'operator')).toEqual([]);
    expect(await test.letters.list({ queue })).toMatchObject([{ state: 'discarded', resolved_by: 'operator' }]);
  });
});
