import { Controller } from '@nestjs/common';
import { Consumes, type Delivery, nudgedIds } from '@panda/bus';
import { topics } from '@panda/contracts';
import { AdderAgent } from './adder.agent.js';

@Controller()
export class AdderConsumer {
  constructor(private readonly agent: AdderAgent) {}

  @Consumes(topics.jobsReported, 'daemon', { batch: 50 })
  reported(deliveries: readonly Delivery[]): void {
    this.agent.wake(nudgedIds(deliveries));
  }
}
