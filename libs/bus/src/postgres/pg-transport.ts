import type { Topic } from '@panda/contracts';
import { BUS_CHANNEL, type Database, pingBus, putBusMessages } from '@panda/database';
import type { Envelope, Replay } from '../bus.js';
import type { BusRuntime } from '../bus-runtime.js';
import { BusUnavailable } from '../failure.js';
import { queuesOf, type Topology, type WorkQueue } from '../topology.js';
import { Listener } from '../waking/listener.js';
import { encodeEnvelope } from '../wire/envelope-codec.js';
import type { WireMessage } from '../wire/message.js';
import type { Intake, Transport } from '../wire/transport.js';
import { type PgArrival, PgIntake, type PgIntakeSettings } from './pg-intake.js';
import { toRow } from './pg-message.js';

export type PgSettings = Omit<PgIntakeSettings, 'prefetch'>;

/**
 * The bus in PostgreSQL, for one machine without RabbitMQ: queues are rows, a message in hand is a lease, a delay is a time
 * of visibility. NOTIFY shortens the wait, polling is the guarantee.
 */
export class PgTransport implements Transport<PgArrival> {
  readonly driver = 'postgres';
  private readonly intakes = new Map<PgIntake, string>();
  private readonly listener: Listener;

  constructor(
    private readonly database: Database,
    private readonly topology: Topology,
    private readonly settings: PgSettings,
    private readonly runtime: BusRuntime,
  ) {
    this.listener = new Listener(database, BUS_CHANNEL, runtime, (queue) => this.wake(queue));
  }

  /** The tables are part of the schema: nothing to declare, but they must be there. */
  declare(): Promise<void> {
    return this.ping();
  }

  publish(topic: Topic, envelopes: readonly Envelope[]): Promise<void> {
    const messages = envelopes.map(encodeEnvelope);
    return this.put(queuesOf(this.topology, topic).flatMap(({ name }) => messages.map((message) => ({ queue: name, message }))));
  }

  replay(messages: readonly Replay[]): Promise<void> {
    return this.put(
      messages.map(({ queue, content }) => ({
        queue,
        message:
          'envelope' in content
            ? encodeEnvelope(content.envelope)
            : { properties: { headers: {} }, body: { bytes: content.raw } },
      })),
    );
  }

  intake(queue: WorkQueue, prefetch: number, arrived: (arrival: PgArrival) => void): Intake<PgArrival> {
    const intake = new PgIntake(this.database, queue, { ...this.settings, prefetch }, this.runtime, arrived);
    this.intakes.set(intake, queue.name);
    return intake;
  }

  async ping(): Promise<void> {
    const [row] = await this.database.run(pingBus, {});
    if (!row?.writable) throw new BusUnavailable('the tables of the bus are not writable');
  }

  async close(): Promise<void> {
    await Promise.all([this.listener.close(), ...[...this.intakes.keys()].map((intake) => intake.end())]);
  }

  private wake(queue: string | undefined): void {
    for (const [intake, name] of this.intakes) {
      if (intake.ended) this.intakes.delete(intake);
      else if (queue === undefined || queue === name) intake.wake();
    }
  }

  private async put(messages: readonly { queue: string; message: WireMessage }[]): Promise<void> {
    const rows = messages.map(({ message }) => toRow(message));
    await this.database.run(putBusMessages, {
      queues: messages.map(({ queue }) => queue),
      keys: messages.map(({ message }) => String(message.properties.messageId ?? '')),
      headers: rows.map(({ headers }) => headers),
      bodies: rows.map(({ body }) => body),
    });
  }
}
