import { Controller } from '@nestjs/common';
import { Consumes, type Delivery, nudgedIds } from '@panda/bus';
import { topics } from '@panda/contracts';
import { TaskBrokerAgent } from './task-broker.agent.js';

@Controller()
export class TaskBrokerConsumer {
  constructor(private readonly agent: TaskBrokerAgent) {}

  @Consumes(topics.taskAssigning, 'jedi-task-broker', { batch: 50 })
  assigning(deliveries: readonly Delivery[]): void {
    this.agent.wake(nudgedIds(deliveries));
  }
}
