import type { Channel, ChannelModel, Options } from 'amqplib';
import { DELIVERY_LIMIT, QUEUE_LENGTH_MAX, type Topology } from '../topology.js';

/** Quorum queues with every argument written out: defaults differ between RabbitMQ 3.10 and 4.x. */
function quorum(args: Record<string, unknown>): Options.AssertQueue {
  return { durable: true, arguments: { 'x-queue-type': 'quorum', 'x-overflow': 'reject-publish', ...args } };
}

/** Nothing takes what dead letters themselves would leave behind; since 4.0 the broker would drop them after 20 deliveries. */
const DEAD_DELIVERY_LIMIT = 1_000_000;

/** Declares exchanges and queues; what is there already with the same arguments stays as it is. */
export async function declareTopology(connection: ChannelModel, topology: Topology): Promise<void> {
  await onChannel(connection, async (channel) => {
    await channel.assertExchange(topology.exchange, 'topic', { durable: true });
    await channel.assertExchange(topology.deadExchange, 'topic', { durable: true });
    await channel.assertQueue(topology.deadQueue, quorum({ 'x-delivery-limit': DEAD_DELIVERY_LIMIT }));
    await channel.bindQueue(topology.deadQueue, topology.deadExchange, '#');
    for (const { name, topic } of topology.work) {
      const args = {
        'x-delivery-limit': DELIVERY_LIMIT,
        'x-dead-letter-exchange': topology.deadExchange,
        'x-dead-letter-routing-key': name, // tells the reader of dead letters whose they are
        'x-dead-letter-strategy': 'at-least-once',
        'x-max-length': QUEUE_LENGTH_MAX,
      };
      await channel.assertQueue(name, quorum(args));
      await channel.bindQueue(name, topology.exchange, topic.name);
    }
    for (const { name, exchange, delayMs } of topology.delays) {
      // The default exchange and the kept routing key bring a message back to its own work queue.
      const args = { 'x-message-ttl': delayMs, 'x-dead-letter-exchange': '', 'x-dead-letter-strategy': 'at-least-once' };
      await channel.assertExchange(exchange, 'fanout', { durable: true });
      await channel.assertQueue(name, quorum(args));
      await channel.bindQueue(name, exchange, '');
    }
  });
}

/** Checks that everything is there, for services without the right to declare. */
export async function checkTopology(connection: ChannelModel, topology: Topology): Promise<void> {
  await onChannel(connection, async (channel) => {
    for (const { exchange } of [topology, ...topology.delays]) await channel.checkExchange(exchange);
    await channel.checkExchange(topology.deadExchange);
    for (const { name } of [...topology.work, ...topology.delays]) await channel.checkQueue(name);
    await channel.checkQueue(topology.deadQueue);
  });
}

async function onChannel(connection: ChannelModel, work: (channel: Channel) => Promise<void>): Promise<void> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined); // the failing call rejects with the reason
  await work(channel);
  await channel.close();
}
