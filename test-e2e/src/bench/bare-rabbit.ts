import { randomBytes } from 'node:crypto';
import { brokerUrl } from '@panda/testing';
import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import type { BareCarrier } from './bare-postgres.js';
import { medianMs, rate } from './measure.js';

/** What amqplib alone reaches on one quorum queue: confirms in batches, prefetch, one acknowledgement a message. */
export async function bareRabbit(count: number, batch: number, content: Buffer): Promise<BareCarrier> {
  const connection: ChannelModel = await connect(brokerUrl().toString(), { noDelay: true });
  const channel = await connection.createConfirmChannel();
  const queue = `bench-bare-${randomBytes(4).toString('hex')}`;
  await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  try {
    const publish = await rate(count, () => publishAll(channel, queue, count, batch, content));
    const consume = await rate(count, () => consumeAll(connection, queue, count));
    return { publish, consume, roundTripMs: await roundTrip(connection, channel, queue, content) };
  } finally {
    await channel.deleteQueue(queue);
    await connection.close();
  }
}

async function publishAll(channel: ConfirmChannel, queue: string, count: number, batch: number, content: Buffer): Promise<void> {
  for (let done = 0; done < count; done += batch) {
    for (let n = 0; n < batch; n++) channel.sendToQueue(queue, content, { persistent: true, mandatory: true });
    await channel.waitForConfirms();
  }
}

async function consumeAll(connection: ChannelModel, queue: string, count: number): Promise<void> {
  const channel = await connection.createChannel();
  await channel.prefetch(200);
  let left = count;
  await new Promise<void>((resolve) => {
    void channel.consume(queue, (message) => {
      if (!message) return;
      channel.ack(message);
      left -= 1;
      if (left === 0) resolve();
    });
  });
  await channel.close();
}

async function roundTrip(connection: ChannelModel, publisher: ConfirmChannel, queue: string, content: Buffer): Promise<number> {
  const channel = await connection.createChannel();
  let arrived: () => void = () => undefined;
  await channel.consume(queue, (message) => {
    if (message) channel.ack(message);
    arrived();
  });
  return medianMs(300, () => {
    const got = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    publisher.sendToQueue(queue, content, { persistent: true });
    return got;
  });
}
