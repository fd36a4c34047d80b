import { Injectable } from '@nestjs/common';
import { AgentRuntime } from '@panda/agents';
import { type Delivery, handleOnce } from '@panda/bus';
import { Database, ExternalInputRepository } from '@panda/database';
import type { Effect, MessagePlugin } from './plugins/plugin.js';

/** Handles messages of outside systems, each in one transaction with the record that it was handled. Spec: JEDI › Message Processor. */
@Injectable()
export class MessageProcessor {
  constructor(
    private readonly database: Database,
    private readonly input: ExternalInputRepository,
    private readonly runtime: AgentRuntime,
  ) {}

  /** Undefined: the message was handled before. Throws Unprocessable for a message that can never be handled. */
  async handle(delivery: Delivery, plugin: MessagePlugin): Promise<Effect | undefined> {
    let effect: Effect | undefined;
    await handleOnce(this.database, 'message-processor', [delivery], async (tx) => {
      effect = await plugin.handle(tx, delivery.envelope.payload, this.input);
    });
    const { messageId } = delivery.envelope;
    if (effect?.outcome === 'ignored') this.runtime.log.warn('a message is ignored', { messageId, ...effect });
    else if (effect) this.runtime.log.info('a message is handled', { messageId, ...effect });
    return effect;
  }
}
