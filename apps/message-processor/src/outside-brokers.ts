import { createHash } from 'node:crypto';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AgentRuntime } from '@panda/agents';
import { BUS, type Bus, type Delivery, SCHEMA_VERSION, type StompMessage, StompReceiver, StompSender } from '@panda/bus';
import { topics } from '@panda/contracts';
import { type MessageProcessorConfig, messageProcessorKeys, readProcessors } from './message-processor.config.js';
import { dispatch, pluginOf } from './plugins/index.js';
import type { Effect, MessagePlugin } from './plugins/plugin.js';

interface Processor {
  readonly name: string;
  readonly plugin: MessagePlugin;
  readonly receiver: StompReceiver | null;
  readonly sender: StompSender | null;
}

/**
 * STOMP brokers of outside systems. What they send is put on the own bus before it is acknowledged, so that one path has the
 * retries and dead letters for all; the processor stands in the message as its producer. Spec: Using Message Processor.
 */
@Injectable()
export class OutsideBrokers implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly processors: readonly Processor[];

  constructor(
    @Inject(messageProcessorKeys.token) config: MessageProcessorConfig,
    @Inject(BUS) private readonly bus: Bus,
    private readonly runtime: AgentRuntime,
  ) {
    this.processors = readProcessors(config).map(({ name, module, inQueue, outQueue }) => ({
      name,
      plugin: pluginOf(module) ?? dispatch,
      receiver: inQueue && new StompReceiver(inQueue, (message) => this.take(name, message), runtime),
      sender: outQueue && new StompSender(outQueue, runtime),
    }));
  }

  onApplicationBootstrap(): void {
    for (const { receiver } of this.processors) receiver?.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.processors.flatMap(({ receiver, sender }) => [receiver?.stop(), sender?.close()]));
  }

  /** The plug-in of the processor that received the message; what came over the own bus goes by its type. */
  pluginFor({ envelope }: Delivery): MessagePlugin {
    return this.processorOf(envelope.producer)?.plugin ?? dispatch;
  }

  /** Sends what became of a message to the out queue of its processor, if it has one. */
  async answer({ envelope }: Delivery, effect: Effect): Promise<void> {
    await this.processorOf(envelope.producer)?.sender?.send(JSON.stringify(effect));
  }

  private processorOf(producer: string): Processor | undefined {
    return this.processors.find(({ name }) => producer === producerOf(name));
  }

  private async take(processor: string, message: StompMessage): Promise<void> {
    const producer = producerOf(processor);
    const messageId = idOf(producer, message) ?? this.runtime.ids.next();
    await this.bus.publish(topics.ingressMessage, [
      {
        messageId,
        type: topics.ingressMessage.name,
        schemaVersion: SCHEMA_VERSION,
        aggregate: `external:${producer}`,
        seq: 0,
        occurredAt: this.runtime.clock.now().toISOString(),
        producer,
        payload: parsed(message.body.toString('utf8')),
      },
    ]);
  }
}

const producerOf = (processor: string): string => `stomp:${processor}`;

/**
 * An id that is the same whenever the broker delivers the message again, so that the inbox knows it: out of what the broker, or the
 * sender through it, calls the message, and what it says. RabbitMQ's own `message-id` names the delivery: it is of use only where the
 * sender gave none. The layout is that of a UUID of version 8 (RFC 9562).
 */
function idOf(producer: string, { headers, body }: StompMessage): string | undefined {
  const name = headers['amqp-message-id'] ?? headers['message-id'];
  if (!name) return undefined;
  const bytes = createHash('sha256')
    .update(JSON.stringify([producer, name]))
    .update(body)
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Text that is no JSON stays text: the plug-in refuses it, and the dead letter shows it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
