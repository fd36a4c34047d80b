import { Injectable } from '@nestjs/common';
import { type ArgsOf, isObject, type Lane, operations, readArguments } from '@panda/contracts';
import { type Call, Handler, Refused } from '../http/call.js';
import { type ReadReport, readReport, unrecordedAnswer } from './job-report.js';
import { PilotReports } from './pilot-reports.js';

@Injectable()
export class UpdateJobsInBulk extends Handler<typeof operations.updateJobsInBulk> {
  readonly operation = operations.updateJobsInBulk;

  constructor(private readonly reports: PilotReports) {
    super();
  }

  async handle({ jobList }: ArgsOf<typeof operations.updateJobsInBulk>, call: Call): Promise<operations.UpdateAnswer[]> {
    if (!Array.isArray(jobList)) throw Refused.argument(`${call.dialect === 'v1' ? 'job_list' : 'jobList'} must be a list`);
    const read = jobList.map((item) => readItem(item, call.dialect));
    const reports = read.flatMap((entry) => ('report' in entry ? [entry] : []));
    const answers = (await this.reports.takeAll(reports, call)).values();
    return read.map((entry) => ('report' in entry ? (answers.next().value as operations.UpdateAnswer) : unrecordedAnswer(entry)));
  }

  /** The list may hold final reports: it goes before heartbeats. */
  override laneOf(): Lane {
    return 'report';
  }
}

/** One bad entry must not cost the others theirs (reliability I32). */
function readItem(item: unknown, dialect: 'legacy' | 'v1'): ReadReport {
  if (!isObject(item)) return { problem: 'an entry of the list is no object' };
  const raw = new Map(
    Object.entries(item).map(([key, value]) => [
      key,
      typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
    ]),
  );
  return readReport(readArguments(operations.updateJob.args, raw, { dialect, cast: true, ignoreUnknown: true }), dialect);
}
