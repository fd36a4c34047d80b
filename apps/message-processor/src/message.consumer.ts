import { Controller } from '@nestjs/common';
import { Consumes, type Delivery } from '@panda/bus';
import { topics } from '@panda/contracts';
import { MessageProcessor } from './message-processor.js';
import { OutsideBrokers } from './outside-brokers.js';

@Controller()
export class MessageConsumer {
  constructor(
    private readonly processor: MessageProcessor,
    private readonly brokers: OutsideBrokers,
  ) {}

  @Consumes(topics.ingressMessage, 'message-processor')
  async received(deliveries: readonly Delivery[]): Promise<void> {
    for (const delivery of deliveries) {
      const effect = await this.processor.handle(delivery, this.brokers.pluginFor(delivery));
      if (effect) await this.brokers.answer(delivery, effect);
    }
  }
}
