import { Controller } from '@nestjs/common';
import { Consumes, type Delivery, nudgedIds } from '@panda/bus';
import { topics } from '@panda/contracts';
import { PostProcessorAgent } from './post-processor.agent.js';

@Controller()
export class PostProcessorConsumer {
  constructor(private readonly agent: PostProcessorAgent) {}

  @Consumes(topics.taskPrepared, 'jedi-post-processor', { batch: 50 })
  prepared(deliveries: readonly Delivery[]): void {
    this.agent.wake(nudgedIds(deliveries));
  }
}
