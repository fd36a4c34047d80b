import type { ConfirmChannel, Options } from 'amqplib';
import { BusUnavailable } from '../failure.js';
import type { RabbitConnection } from './connection.js';

export interface Outgoing {
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  /** `messageId` is compulsory: it tells which message came back. */
  readonly options: Options.Publish & { readonly messageId: string };
}

/** A publisher confirm that takes longer means that the broker is in trouble. */
const CONFIRM_LIMIT_MS = 15_000;

/**
 * Publishes persistent, mandatory messages on one confirm channel. A message counts as taken when the broker has confirmed
 * it and did not return it. After a failure nobody knows: the caller publishes again under the same id.
 */
export class RabbitPublisher {
  private channel: Promise<ConfirmChannel> | undefined;
  /** Ids that came back unroutable; a return arrives before its confirm. */
  private readonly returned = new Set<string>();

  constructor(private readonly connection: RabbitConnection) {}

  /** Resolves when all are taken. Throws {@link BusUnavailable} when any is not. */
  async publish(messages: readonly Outgoing[]): Promise<void> {
    if (this.connection.blocked !== undefined) throw new BusUnavailable(`the broker is blocked: ${this.connection.blocked}`);
    const channel = await this.opened();
    const confirms = messages.map((message) => this.one(channel, message));
    const results = await Promise.allSettled(confirms);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** Asks the broker for an exchange: proves that it answers on this channel. */
  async check(exchange: string): Promise<void> {
    const channel = await this.opened();
    await channel.checkExchange(exchange);
  }

  async close(): Promise<void> {
    const channel = this.channel;
    this.channel = undefined;
    await channel?.then((opened) => opened.close()).catch(() => undefined); // it may have closed with its connection
  }

  /** The open channel, or the one being opened. One that could not be opened is forgotten. */
  private async opened(): Promise<ConfirmChannel> {
    const channel = this.channel ?? this.openChannel();
    this.channel = channel;
    try {
      return await channel;
    } catch (error) {
      if (this.channel === channel) this.channel = undefined;
      throw error;
    }
  }

  private async openChannel(): Promise<ConfirmChannel> {
    try {
      const channel = await this.connection.open.createConfirmChannel();
      channel.on('return', ({ properties }) => this.returned.add(String(properties.messageId)));
      channel.on('error', () => undefined); // 'close' follows, and pending confirms fail with the reason
      channel.on('close', () => {
        this.channel = undefined;
        this.returned.clear();
      });
      return channel;
    } catch (error) {
      throw error instanceof BusUnavailable ? error : new BusUnavailable('no channel to the broker', { cause: error });
    }
  }

  private one(channel: ConfirmChannel, message: Outgoing): Promise<void> {
    const { exchange, routingKey, content, options } = message;
    return new Promise((resolve, reject) => {
      const fail = (text: string, cause?: unknown): void => reject(new BusUnavailable(`${routingKey}: ${text}`, { cause }));
      const timer = setTimeout(() => fail(`no confirm within ${CONFIRM_LIMIT_MS} ms`), CONFIRM_LIMIT_MS);
      const settled = (error: unknown): void => {
        clearTimeout(timer);
        if (error) fail('the broker did not take the message', error);
        else if (this.returned.delete(options.messageId)) fail('no queue takes the message');
        else resolve();
      };
      try {
        channel.publish(exchange, routingKey, content, { ...options, persistent: true, mandatory: true }, settled);
      } catch (error) {
        settled(error); // the channel closed meanwhile
      }
    });
  }
}
