import { type Database, storeDeadLetter } from '@panda/database';
import { jittered } from '@panda/domain';
import type { BusRuntime } from '../bus-runtime.js';
import { newDeadLetter } from '../dead-letter/new-dead-letter.js';
import { type Topology, workQueueNamed } from '../topology.js';
import { HEADER } from '../wire/message.js';
import type { Intake, Reason } from '../wire/transport.js';
import type { RabbitArrival } from './rabbit-intake.js';
import type { RabbitTransport } from './rabbit-transport.js';

const PREFETCH = 50;
const RETRY_MS = 5_000;

/** Moves dead letters from the broker into the database, where operators find them. Keeps each until it is stored. */
export class DeadLetterKeeper {
  private readonly intake: Intake<RabbitArrival>;
  private readonly stopper = new AbortController();
  private readonly storing = new Set<Promise<void>>();

  constructor(
    transport: RabbitTransport,
    private readonly database: Database,
    private readonly topology: Topology,
    private readonly runtime: BusRuntime,
  ) {
    this.intake = transport.deadIntake(PREFETCH, (arrival) => {
      const stored = this.store(arrival).finally(() => this.storing.delete(stored));
      this.storing.add(stored);
    });
  }

  async stop(): Promise<void> {
    this.stopper.abort();
    await this.intake.pause();
    await Promise.all(this.storing);
    await this.intake.end();
  }

  private async store(arrival: RabbitArrival): Promise<void> {
    const { clock, random, log } = this.runtime;
    const name = arrival.native.fields.routingKey;
    const letter = newDeadLetter(arrival.message, name, workQueueNamed(this.topology, name), this.reasonOf(arrival));
    for (;;) {
      try {
        await this.database.run(storeDeadLetter, letter);
        return await this.intake.ack([arrival]);
      } catch (error) {
        log.error('a dead letter could not be stored, it stays with the broker', { queue: name, error });
      }
      await clock.sleep(jittered(random, RETRY_MS), this.stopper.signal);
      if (this.stopper.signal.aborted) return;
    }
  }

  /** From the headers a consumer of ours set, else from those of the broker (delivery limit, full queue). */
  private reasonOf({ message, native, redeliveries }: RabbitArrival): Reason {
    const { headers } = message.properties;
    const now = this.runtime.clock.now().toISOString();
    const broker = native.properties.headers?.['x-first-death-reason'];
    const code = headers[HEADER.reasonCode] ?? broker ?? 'unknown';
    return {
      code: String(code),
      text: String(headers[HEADER.reasonText] ?? `put aside by the broker: ${String(broker ?? 'without a reason')}`),
      firstFailedAt: String(headers[HEADER.firstFailedAt] ?? now),
      lastFailedAt: String(headers[HEADER.lastFailedAt] ?? now),
      attempts: Number(headers[HEADER.failures] ?? redeliveries),
    };
  }
}
