import { Controller } from '@nestjs/common';
import { Consumes, type Delivery, nudgedIds } from '@panda/bus';
import { topics } from '@panda/contracts';
import { ContentsFeederAgent } from './contents-feeder.agent.js';

@Controller()
export class ContentsFeederConsumer {
  constructor(private readonly agent: ContentsFeederAgent) {}

  @Consumes(topics.taskRefined, 'jedi-contents-feeder', { batch: 50 })
  refined(deliveries: readonly Delivery[]): void {
    this.agent.wake(nudgedIds(deliveries));
  }
}
