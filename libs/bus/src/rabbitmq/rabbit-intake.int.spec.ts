import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PromMetrics, SystemClock, SystemRandom, UuidV7 } from '@panda/runtime';
import { brokerAnswers, brokerUrl, Gathered, RecordingLog } from '@panda/testing';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import { BusRuntime } from '../bus-runtime.js';
import { BusUnavailable } from '../failure.js';
import { RabbitConnection } from './connection.js';
import { type Outgoing, RabbitPublisher } from './publisher.js';
import { type RabbitArrival, RabbitIntake } from './rabbit-intake.js';

/** A publisher whose broker takes nothing the first times. */
class Blocked extends RabbitPublisher {
  refusals = 0;

  override publish(messages: readonly Outgoing[]): Promise<void> {
    this.refusals += 1;
    return this.refusals <= 2 ? Promise.reject(new BusUnavailable('the broker is blocked')) : super.publish(messages);
  }
}

((await brokerAnswers()) ? describe : describe.skip)('a message that is put aside while the broker takes nothing', () => {
  const names = {
    queue: `test-intake-${randomBytes(4).toString('hex')}`,
    dead: `test-intake-dead-${randomBytes(4).toString('hex')}`,
  };
  const metrics = new PromMetrics({ service: 'test', defaults: false });
  const runtime = new BusRuntime(new RecordingLog(), metrics, new SystemClock(), new UuidV7(), new SystemRandom());
  let model: ChannelModel;
  let channel: Channel;
  beforeAll(async () => {
    model = await connect(brokerUrl().toString());
    channel = await model.createChannel();
    await channel.assertExchange(names.dead, 'topic', { durable: true });
    for (const name of [names.queue, names.dead]) {
      await channel.assertQueue(name, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    }
    await channel.bindQueue(names.dead, names.dead, '#');
  });
  afterAll(async () => {
    for (const name of [names.queue, names.dead]) await channel.deleteQueue(name);
    await channel.deleteExchange(names.dead);
    await model.close();
  });

  it('stays in hand until it is taken, and is not delivered a second time', async () => {
    const connection = new RabbitConnection([brokerUrl().toString()], 'test', runtime);
    const publisher = new Blocked(connection);
    const got = new Gathered<RabbitArrival>();
    const settings = { queue: names.queue, prefetch: 5, deadExchange: names.dead, declared: AbortSignal.abort() };
    const intake = new RabbitIntake(connection, publisher, settings, runtime, (arrival) => got.add(arrival));
    channel.sendToQueue(names.queue, Buffer.from('x'), { messageId: 'm1', persistent: true });
    const [arrival] = await got.count(1);
    const at = runtime.clock.now().toISOString();
    if (arrival) await intake.bury(arrival, { code: 'bad', text: 'a bug', firstFailedAt: at, lastFailedAt: at, attempts: 1 });
    expect(publisher.refusals).toBe(3);
    expect(await channel.checkQueue(names.dead)).toMatchObject({ messageCount: 1 });
    await intake.end();
    expect(await channel.checkQueue(names.queue)).toMatchObject({ messageCount: 0 });
    expect(got.items).toHaveLength(1);
    await publisher.close();
    await connection.close();
  });
});
