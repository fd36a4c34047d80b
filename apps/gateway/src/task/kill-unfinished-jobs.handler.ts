import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { TaskIntakeRepository } from '@panda/database';
import { type Call, Handler } from '../http/call.js';
import { JobKill } from '../job/job-kill.js';

@Injectable()
export class KillUnfinishedJobs extends Handler<typeof operations.killUnfinishedJobs> {
  readonly operation = operations.killUnfinishedJobs;

  constructor(
    private readonly tasks: TaskIntakeRepository,
    private readonly kills: JobKill,
  ) {
    super();
  }

  async handle({ taskId, code }: ArgsOf<typeof operations.killUnfinishedJobs>, call: Call) {
    const ids = await this.tasks.liveJobs(taskId, operations.JOB_IDS_OF_TASK_MAX);
    return this.kills.kill(ids, code, call);
  }
}
