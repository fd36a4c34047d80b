import { Controller } from '@nestjs/common';
import { Consumes, type Delivery, nudgedIds } from '@panda/bus';
import { topics } from '@panda/contracts';
import { TaskCommandoAgent } from './task-commando.agent.js';

@Controller()
export class TaskCommandoConsumer {
  constructor(private readonly agent: TaskCommandoAgent) {}

  @Consumes(topics.taskCommanded, 'jedi-task-commando', { batch: 50 })
  commanded(deliveries: readonly Delivery[]): void {
    this.agent.wake(nudgedIds(deliveries));
  }
}
