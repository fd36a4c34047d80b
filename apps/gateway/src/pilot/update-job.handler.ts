import { Injectable } from '@nestjs/common';
import { type ArgsOf, type Lane, operations } from '@panda/contracts';
import { isFinalReport, isPilotState } from '@panda/domain';
import { type Call, Handler } from '../http/call.js';
import { readReport, unrecordedAnswer } from './job-report.js';
import { PilotReports } from './pilot-reports.js';

@Injectable()
export class UpdateJob extends Handler<typeof operations.updateJob> {
  readonly operation = operations.updateJob;

  constructor(private readonly reports: PilotReports) {
    super();
  }

  async handle(args: ArgsOf<typeof operations.updateJob>, call: Call): Promise<operations.UpdateAnswer> {
    const read = readReport(args, call.dialect);
    return 'report' in read ? this.reports.take(read, call) : unrecordedAnswer(read);
  }

  override laneOf({ jobStatus }: ArgsOf<typeof operations.updateJob>): Lane {
    const state = String(jobStatus ?? '');
    return isPilotState(state) && isFinalReport(state) ? 'report' : this.operation.lane;
  }
}
