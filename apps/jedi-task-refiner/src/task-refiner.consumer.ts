import { Controller } from '@nestjs/common';
import { Consumes, type Delivery, nudgedIds } from '@panda/bus';
import { topics } from '@panda/contracts';
import { TaskRefinerAgent } from './task-refiner.agent.js';

@Controller()
export class TaskRefinerConsumer {
  constructor(private readonly agent: TaskRefinerAgent) {}

  @Consumes(topics.taskSubmitted, 'jedi-task-refiner', { batch: 50 })
  submitted(deliveries: readonly Delivery[]): void {
    this.agent.wake(nudgedIds(deliveries));
  }
}
