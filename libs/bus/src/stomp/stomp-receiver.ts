import { once } from 'node:events';
import { jittered, type Log, randomInt } from '@panda/domain';
import type { Client, Message } from 'stompit';
import type { BusRuntime } from '../bus-runtime.js';
import type { StompQueue } from './processor-config.js';
import { type Address, addressesOf, bodyOf, openStomp } from './stomp-client.js';

/** A message of an outside broker. */
export interface StompMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Takes responsibility for a message: it is acknowledged when this resolves, and left to the broker when it rejects. */
export type TakeStompMessage = (message: StompMessage) => Promise<void>;

const PREFETCH = 20;
const REOPEN_MS = 1_000;
/** Failures in a row after which an address is given up for the other hosts. */
const FAILURES_MAX = 3;
/** Headers ActiveMQ and RabbitMQ take as the number of messages in hand. */
const PREFETCH_HEADERS = { 'activemq.prefetchSize': PREFETCH, 'prefetch-count': PREFETCH };

/**
 * Receives a queue of an outside broker. Of its hosts one is taken at random and every address of it is connected; when
 * none of them is left, the next host takes over. Spec: Using Message Processor › Message Broker Servers.
 */
export class StompReceiver {
  private readonly stopper = new AbortController();
  private readonly log: Log;
  private readonly inHand = new Set<Promise<void>>();
  private loop: Promise<void> | undefined;

  constructor(
    private readonly queue: StompQueue,
    private readonly take: TakeStompMessage,
    private readonly runtime: BusRuntime,
  ) {
    this.log = runtime.log.with({ stompQueue: queue.name, server: queue.server.name });
  }

  start(): void {
    this.loop ??= this.run();
  }

  /** Takes nothing more, finishes what is in hand, leaves. */
  async stop(): Promise<void> {
    this.stopper.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    const { clock, random } = this.runtime;
    const { hosts } = this.queue.server;
    const { signal } = this.stopper;
    for (let next = randomInt(random, hosts.length); !signal.aborted; next = (next + 1) % hosts.length) {
      const host = hosts[next];
      if (host) await this.onHost(host);
      await clock.sleep(jittered(random, REOPEN_MS), signal);
    }
  }

  /** Until no address of the host is connected any more. */
  private async onHost(host: { host: string; port: number }): Promise<void> {
    try {
      const addresses = await addressesOf(host);
      await Promise.all(addresses.map((address) => this.onAddress(address)));
    } catch (error) {
      this.log.warn('a broker cannot be found', { host: host.host, error });
    }
  }

  /** Comes back to the address until it has failed several times in a row. */
  private async onAddress(address: Address): Promise<void> {
    const { clock, random } = this.runtime;
    const { signal } = this.stopper;
    for (let failures = 0; failures < FAILURES_MAX && !signal.aborted; ) {
      try {
        const client = await openStomp(this.queue.server, address);
        failures = 0;
        await this.session(client);
      } catch (error) {
        failures += 1;
        if (!signal.aborted) this.log.warn('a broker is not connected', { ...address, failures, error });
      }
      if (failures > 0 && failures < FAILURES_MAX) await clock.sleep(jittered(random, REOPEN_MS), signal);
    }
  }

  /** Resolves when the session was left because of a stop; rejects when it was lost. */
  private async session(client: Client): Promise<void> {
    const { signal } = this.stopper;
    const session = { client, open: true };
    const lost = once(client, 'error').then(([error]) => {
      session.open = false;
      throw error;
    });
    lost.catch(() => undefined); // looked at below, maybe only after a stop
    const headers = { destination: this.queue.destination, ack: 'client-individual', ...PREFETCH_HEADERS };
    client.subscribe(headers, (error, message) => {
      if (!error) this.received(session, message);
    });
    if (this.queue.server.verbose) this.log.info('receiving', { destination: this.queue.destination });
    const stopped = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await Promise.race([lost, stopped]);
    // Still subscribed: brokers take no acknowledgement without. What arrives from now on is left to them.
    await Promise.all(this.inHand);
    await new Promise<void>((resolve) => client.disconnect(() => resolve()));
  }

  private received(session: Session, message: Message): void {
    if (this.stopper.signal.aborted) {
      message.resume(); // read past it, so that the answer to our goodbye can be read
      return;
    }
    const work = this.handle(session, message).finally(() => this.inHand.delete(work));
    this.inHand.add(work);
  }

  /** What is not settled when the session is lost is delivered again by the broker. */
  private async handle(session: Session, message: Message): Promise<void> {
    try {
      await this.take({ headers: message.headers, body: await bodyOf(message) });
      if (session.open) session.client.ack(message);
    } catch (error) {
      this.log.error('a message was not taken and stays with the broker', { messageId: message.headers['message-id'], error });
      if (session.open) session.client.nack(message);
    }
  }
}

interface Session {
  readonly client: Client;
  open: boolean;
}
