import { Controller } from '@nestjs/common';
import { Consumes, type Delivery, nudgedIds } from '@panda/bus';
import { topics } from '@panda/contracts';
import { JobGeneratorAgent } from './job-generator.agent.js';

@Controller()
export class JobGeneratorConsumer {
  constructor(private readonly agent: JobGeneratorAgent) {}

  @Consumes(topics.taskReady, 'jedi-job-generator', { batch: 50 })
  ready(deliveries: readonly Delivery[]): void {
    this.agent.wake(nudgedIds(deliveries));
  }
}
