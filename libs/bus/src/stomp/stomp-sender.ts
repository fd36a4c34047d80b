import { randomInt } from '@panda/domain';
import type { Client } from 'stompit';
import type { BusRuntime } from '../bus-runtime.js';
import { BusUnavailable } from '../failure.js';
import type { StompQueue } from './processor-config.js';
import { addressesOf, openStomp } from './stomp-client.js';

/** A broker that does not confirm within this time is taken for lost. */
const RECEIPT_LIMIT_MS = 15_000;

/** Sends to a queue of an outside broker; a message counts as sent when the broker has confirmed it. */
export class StompSender {
  private session: Promise<Client> | undefined;

  constructor(
    private readonly queue: StompQueue,
    private readonly runtime: BusRuntime,
  ) {}

  /** Resolves with the broker's receipt. Throws BusUnavailable: the outcome is then unknown, and the message may be sent again. */
  async send(body: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    const client = await this.opened();
    const settled = new AbortController();
    const late = this.runtime.clock.sleep(RECEIPT_LIMIT_MS, settled.signal).then(() => {
      if (!settled.signal.aborted) throw new BusUnavailable(`${this.queue.name}: no receipt within ${RECEIPT_LIMIT_MS} ms`);
      return new Promise<never>(() => undefined); // the race is over
    });
    try {
      await Promise.race([this.confirmed(client, body, headers), late]);
    } finally {
      settled.abort();
    }
  }

  async close(): Promise<void> {
    const session = this.session;
    this.session = undefined;
    const client = await session?.catch(() => undefined); // it could not be opened
    if (client) await new Promise<void>((resolve) => client.disconnect(() => resolve()));
  }

  private async opened(): Promise<Client> {
    const session = this.session ?? this.open();
    this.session = session;
    try {
      return await session;
    } catch (error) {
      if (this.session === session) this.session = undefined;
      throw error;
    }
  }

  /** The first address that answers, from a random host on. */
  private async open(): Promise<Client> {
    const { server } = this.queue;
    const from = randomInt(this.runtime.random, server.hosts.length);
    let failure: unknown;
    for (const host of [...server.hosts.slice(from), ...server.hosts.slice(0, from)]) {
      for (const address of await addressesOf(host)) {
        try {
          return this.watched(await openStomp(server, address));
        } catch (error) {
          failure = error;
        }
      }
    }
    throw new BusUnavailable(`${server.name}: no broker answers`, { cause: failure });
  }

  private watched(client: Client): Client {
    client.on('error', () => {
      this.session = undefined;
    });
    return client;
  }

  private confirmed(client: Client, body: string, headers: Readonly<Record<string, string>>): Promise<void> {
    return new Promise((resolve, reject) => {
      const onError = (error: Error): void =>
        reject(new BusUnavailable(`${this.queue.name}: ${error.message}`, { cause: error }));
      const content = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), persistent: 'true' };
      const frame = client.send({ destination: this.queue.destination, ...content, ...headers }, { onReceipt: resolve, onError });
      frame.end(body);
    });
  }
}
