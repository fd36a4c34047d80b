import { Injectable } from '@nestjs/common';
import { type ArgsOf, type Lane, operations, statusCodes } from '@panda/contracts';
import { isFinalReport, isPilotState } from '@panda/domain';
import { type Call, Handler } from '../http/call.js';
import { readReport } from './job-report.js';
import { PilotReports } from './pilot-reports.js';

@Injectable()
export class UpdateJob extends Handler<typeof operations.updateJob> {
  readonly operation = operations.updateJob;

  constructor(private readonly reports: PilotReports) {
    super();
  }

  async handle(args: ArgsOf<typeof operations.updateJob>, call: Call): Promise<operations.UpdateAnswer> {
    const read = readReport(args, call.dialect);
    if ('problem' in read) return { statusCode: statusCodes.invalidToken, command: null, message: read.problem };
    if ('ignored' in read) return { statusCode: statusCodes.success, command: null };
    return this.reports.take(read.report, call);
  }

  override laneOf({ jobStatus }: ArgsOf<typeof operations.updateJob>): Lane {
    const state = String(jobStatus ?? '');
    return isPilotState(state) && isFinalReport(state) ? 'report' : this.operation.lane;
  }
}
