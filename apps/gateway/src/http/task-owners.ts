import { Injectable } from '@nestjs/common';
import { TaskIntakeRepository } from '@panda/database';
import type { Ownership } from './access-guard.js';

/** Who owns a task: asked before every command, so that the access rule is judged on the stored row. */
@Injectable()
export class TaskOwners {
  constructor(private readonly tasks: TaskIntakeRepository) {}

  ownerOf(taskId: number): Promise<Ownership | null> {
    return this.tasks.ownerOf(taskId);
  }
}
