import type { Topic } from '@panda/contracts';
import type { Counter } from '@panda/domain';
import type { Bus, ConsumeOptions, Consumer, Envelope, Handler, Replay } from './bus.js';
import type { BusRuntime } from './bus-runtime.js';
import { type ConsumeRules, Consumption } from './consume/consumption.js';
import { type Topology, workQueue } from './topology.js';
import type { Arrival, Transport } from './wire/transport.js';

/** The bus over a transport: the transport carries, the rules are here. */
export class TransportBus<A extends Arrival> implements Bus {
  private readonly consumers = new Set<Consumer>();
  private readonly published: Counter<'topic'>;

  constructor(
    private readonly transport: Transport<A>,
    readonly topology: Topology,
    private readonly rules: ConsumeRules,
    private readonly runtime: BusRuntime,
  ) {
    this.published = runtime.metrics.counter({
      name: 'panda_bus_published_total',
      help: 'Messages the transport has taken responsibility for.',
      labels: ['topic'],
    });
  }

  get driver(): 'rabbitmq' | 'postgres' {
    return this.transport.driver;
  }

  declare(): Promise<void> {
    return this.transport.declare();
  }

  async publish(topic: Topic, envelopes: readonly Envelope[]): Promise<void> {
    if (envelopes.length === 0) return;
    await this.transport.publish(topic, envelopes);
    this.published.add({ topic: topic.name }, envelopes.length);
  }

  consume(topic: Topic, consumer: string, handler: Handler, options: ConsumeOptions = {}): Consumer {
    const queue = workQueue(this.topology, topic, consumer);
    const consumption = new Consumption(this.transport, this.topology, queue, handler, options, this.rules, this.runtime);
    const tracked: Consumer = {
      stop: () => {
        this.consumers.delete(tracked);
        return consumption.stop();
      },
    };
    this.consumers.add(tracked);
    return tracked;
  }

  replay(messages: readonly Replay[]): Promise<void> {
    return messages.length === 0 ? Promise.resolve() : this.transport.replay(messages);
  }

  ping(): Promise<void> {
    return this.transport.ping();
  }

  /** Stops all consumers, as {@link Consumer.stop}. */
  async drain(): Promise<void> {
    await Promise.all([...this.consumers].map((consumer) => consumer.stop()));
  }

  async close(): Promise<void> {
    await this.drain();
    await this.transport.close();
  }
}
