import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { JobQueryRepository } from '@panda/database';
import { pilotReplies } from '@panda/domain';
import { Handler } from '../http/call.js';

/** Width of the column, and what pilots take. */
const COMMAND_MAX = 250;

@Injectable()
export class SetJobCommand extends Handler<typeof operations.setJobCommand> {
  readonly operation = operations.setJobCommand;

  constructor(private readonly jobs: JobQueryRepository) {
    super();
  }

  async handle({ jobId, command }: ArgsOf<typeof operations.setJobCommand>): Promise<readonly [boolean, string]> {
    if (command.length > COMMAND_MAX) return [false, `command string too long. must be less than ${COMMAND_MAX} chars`];
    const taken = await this.jobs.putPilotCommand(jobId, command, pilotReplies.tobekilled);
    if (taken === undefined) return [false, `no active job with PandaID=${jobId}`];
    return taken ? [true, 'command received'] : [false, 'job is being killed'];
  }
}
