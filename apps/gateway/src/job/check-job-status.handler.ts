import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { JobQueryRepository } from '@panda/database';
import { pilotReplies } from '@panda/domain';
import { Handler } from '../http/call.js';

/** A worker that asks for a job that ended so long ago shall stop. */
const FORGOTTEN_H = 1;

@Injectable()
export class CheckJobStatus extends Handler<typeof operations.checkJobStatus> {
  readonly operation = operations.checkJobStatus;

  constructor(private readonly jobs: JobQueryRepository) {
    super();
  }

  async handle({ jobIds }: ArgsOf<typeof operations.checkJobStatus>) {
    const known = new Map((await this.jobs.statuses(jobIds)).map((job) => [job.pandaid, job]));
    return jobIds.map((id) => {
      const job = known.get(id);
      if (!job || (job.ended_h ?? 0) > FORGOTTEN_H) return { status: 'unknown', command: pilotReplies.tobekilled };
      return { status: job.jobstatus, command: job.commandtopilot };
    });
  }
}
