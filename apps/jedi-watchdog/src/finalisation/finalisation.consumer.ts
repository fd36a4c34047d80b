import { Controller } from '@nestjs/common';
import { Consumes, type Delivery, nudgedIds } from '@panda/bus';
import { topics } from '@panda/contracts';
import { FinalisationAgent } from './finalisation.agent.js';

@Controller()
export class FinalisationConsumer {
  constructor(private readonly agent: FinalisationAgent) {}

  @Consumes(topics.taskProgressed, 'jedi-watchdog', { batch: 50 })
  progressed(deliveries: readonly Delivery[]): void {
    this.agent.wake(nudgedIds(deliveries));
  }
}
