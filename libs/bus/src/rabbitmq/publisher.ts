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
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const text = `${messages.length} messages: no confirm within ${CONFIRM_LIMIT_MS} ms`;
      timer = setTimeout(() => reject(new BusUnavailable(text)), CONFIRM_LIMIT_MS);
    });
    try {
      await Promise.race([this.confirmed(channel, messages), late]);
    } finally {
      clearTimeout(timer);
    }
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

  /** Waits for all, also when one has failed: what is left over must not be taken for the answer to a later message. */
  private confirmed(channel: ConfirmChannel, messages: readonly Outgoing[]): Promise<void> {
    return new Promise((resolve, reject) => {
      let left = messages.length;
      let failure: BusUnavailable | undefined;
      const settled = ({ routingKey, options }: Outgoing, error: unknown): void => {
        if (error) failure ??= new BusUnavailable(`${routingKey}: the broker did not take the message`, { cause: error });
        else if (this.returned.delete(options.messageId))
          failure ??= new BusUnavailable(`${routingKey}: no queue takes the message`);
        left -= 1;
        if (left > 0) return;
        if (failure) reject(failure);
        else resolve();
      };
      for (const message of messages) this.send(channel, message, settled);
    });
  }

  private send(channel: ConfirmChannel, message: Outgoing, settled: (message: Outgoing, error: unknown) => void): void {
    const { exchange, routingKey, content, options } = message;
    try {
      const marked = { ...options, persistent: true, mandatory: true };
      channel.publish(exchange, routingKey, content, marked, (error) => settled(message, error));
    } catch (error) {
      settled(message, error); // the channel closed meanwhile
    }
  }
}
