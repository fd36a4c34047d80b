import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { TaskIntakeRepository, TaskQueryRepository } from '@panda/database';
import { Handler } from '../http/call.js';
import { datasetSummary } from './task-view.js';

@Injectable()
export class GetTaskDetails extends Handler<typeof operations.getTaskDetails> {
  readonly operation = operations.getTaskDetails;

  constructor(
    private readonly tasks: TaskQueryRepository,
    private readonly intake: TaskIntakeRepository,
  ) {
    super();
  }

  async handle({ taskId, includeParameters, includeStatus }: ArgsOf<typeof operations.getTaskDetails>) {
    const status = await this.tasks.status(taskId);
    if (status === null) return null;
    const [datasets, jobs, parameters] = await Promise.all([
      this.tasks.datasets([taskId]),
      this.tasks.jobIds(taskId, operations.JOB_IDS_OF_TASK_MAX),
      includeParameters ? this.intake.parameters(taskId) : null,
    ]);
    return {
      ...datasetSummary(datasets),
      PandaID: jobs.filter(({ merging }) => !merging).map(({ pandaid }) => pandaid),
      mergeStatus: null,
      mergePandaID: jobs.filter(({ merging }) => merging).map(({ pandaid }) => pandaid),
      ...(includeStatus ? { status } : {}),
      ...(parameters === null ? {} : { cliParams: cliParamsOf(parameters) }),
    };
  }
}

/** The command line the user typed; shown by pbook. */
function cliParamsOf(parameters: string): string {
  const { cliParams } = JSON.parse(parameters) as { cliParams?: unknown };
  return typeof cliParams === 'string' ? cliParams : '';
}
