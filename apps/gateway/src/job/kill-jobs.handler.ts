import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { type Call, Handler } from '../http/call.js';
import { JobKill } from './job-kill.js';

@Injectable()
export class KillJobs extends Handler<typeof operations.killJobs> {
  readonly operation = operations.killJobs;

  constructor(private readonly kills: JobKill) {
    super();
  }

  handle({ jobIds, code }: ArgsOf<typeof operations.killJobs>, call: Call) {
    return this.kills.kill(jobIds.slice(0, operations.JOB_IDS_MAX), code, call);
  }
}
