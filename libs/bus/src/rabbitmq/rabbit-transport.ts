import type { Topic } from '@panda/contracts';
import type { Envelope, Replay } from '../bus.js';
import type { BusRuntime } from '../bus-runtime.js';
import { BusUnavailable } from '../failure.js';
import type { Topology, WorkQueue } from '../topology.js';
import type { Intake, Transport } from '../wire/transport.js';
import { RabbitConnection } from './connection.js';
import { checkTopology, declareTopology } from './declare.js';
import { type Outgoing, RabbitPublisher } from './publisher.js';
import { type RabbitArrival, RabbitIntake } from './rabbit-intake.js';
import { toRabbit } from './rabbit-message.js';

export interface RabbitSettings {
  /** Brokers of one cluster, tried in turn. */
  readonly urls: readonly string[];
  /** Name of the connections in the broker's management. */
  readonly name: string;
  /** False: a deployment step has declared the topology, this service only checks it. */
  readonly declare: boolean;
}

/**
 * RabbitMQ: quorum queues behind a topic exchange, publisher confirms, delays by queues with a time to live. Publishing and
 * consuming have a connection each, so that a blocked publisher does not stop acknowledgements.
 */
export class RabbitTransport implements Transport<RabbitArrival> {
  readonly driver = 'rabbitmq';
  private readonly outgoing: RabbitConnection;
  private readonly incoming: RabbitConnection;
  private readonly publisher: RabbitPublisher;
  private readonly closing = new AbortController();
  /** Aborts when the topology is there; consuming a queue before would fail. */
  private readonly declared = new AbortController();

  constructor(
    private readonly settings: RabbitSettings,
    private readonly topology: Topology,
    private readonly runtime: BusRuntime,
  ) {
    this.outgoing = new RabbitConnection(settings.urls, `${settings.name} publish`, runtime);
    this.incoming = new RabbitConnection(settings.urls, `${settings.name} consume`, runtime);
    this.publisher = new RabbitPublisher(this.outgoing);
  }

  async declare(): Promise<void> {
    const connection = await this.outgoing.ready(this.closing.signal);
    if (!connection) return;
    await (this.settings.declare ? declareTopology : checkTopology)(connection, this.topology);
    this.declared.abort();
  }

  async publish(topic: Topic, envelopes: readonly Envelope[]): Promise<void> {
    const { exchange } = this.topology;
    await this.publisher.publish(envelopes.map((envelope) => ({ exchange, routingKey: topic.name, ...toRabbit(envelope) })));
  }

  /** The default exchange leads to the one queue of the name. */
  async replay(messages: readonly Replay[]): Promise<void> {
    await this.publisher.publish(
      messages.map(({ queue, content }) => ({ exchange: '', routingKey: queue, ...this.contentOf(content) })),
    );
  }

  intake(queue: WorkQueue, prefetch: number, arrived: (arrival: RabbitArrival) => void): Intake<RabbitArrival> {
    return this.intakeOf(queue.name, prefetch, arrived);
  }

  /** Consumes the dead letters. */
  deadIntake(prefetch: number, arrived: (arrival: RabbitArrival) => void): Intake<RabbitArrival> {
    return this.intakeOf(this.topology.deadQueue, prefetch, arrived);
  }

  async ping(): Promise<void> {
    if (this.outgoing.blocked !== undefined) throw new BusUnavailable(`the broker is blocked: ${this.outgoing.blocked}`);
    await this.publisher.check(this.topology.exchange);
    void this.incoming.open; // throws when only this one is lost
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.publisher.close();
    await Promise.all([this.outgoing.close(), this.incoming.close()]);
  }

  private intakeOf(queue: string, prefetch: number, arrived: (arrival: RabbitArrival) => void): Intake<RabbitArrival> {
    const settings = { queue, prefetch, deadExchange: this.topology.deadExchange, declared: this.declared.signal };
    return new RabbitIntake(this.incoming, this.publisher, settings, this.runtime, arrived);
  }

  private contentOf(content: Replay['content']): Pick<Outgoing, 'content' | 'options'> {
    if ('envelope' in content) return toRabbit(content.envelope);
    return { content: content.raw, options: { messageId: this.runtime.ids.next() } };
  }
}
