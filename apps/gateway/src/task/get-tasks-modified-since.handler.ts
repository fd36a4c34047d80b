import { Inject, Injectable } from '@nestjs/common';
import { type ArgsOf, operations, parseTime, pythonTime } from '@panda/contracts';
import { type DatasetSummary, TaskQueryRepository } from '@panda/database';
import { Clock } from '@panda/domain';
import { userNameOf } from '../auth/user-name.js';
import { type Call, Handler, identityOf } from '../http/call.js';
import { briefTask, datasetSummary } from './task-view.js';

/** The lower bound is clamped to this, as upstream does. */
const WINDOW_MS = 30 * 86_400_000;
const FULL_MAX = 500;
const BRIEF_MAX = 10_000;

@Injectable()
export class GetTasksModifiedSince extends Handler<typeof operations.getTasksModifiedSince> {
  readonly operation = operations.getTasksModifiedSince;

  constructor(
    private readonly tasks: TaskQueryRepository,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    super();
  }

  async handle(args: ArgsOf<typeof operations.getTasksModifiedSince>, call: Call) {
    const since = parseTime(args.since);
    if (since === undefined) return new Map<number, operations.Fields>();
    const tasks = await this.tasks.search({
      userName: args.dn === null ? identityOf(call).userName : userNameOf(args.dn),
      since: pythonTime(new Date(Math.max(since.getTime(), this.clock.now().getTime() - WINDOW_MS))),
      taskIds: null,
      minTaskId: args.minTaskId,
      label: args.prodSourceLabel,
      equal: '{}',
      limit: args.full ? FULL_MAX : BRIEF_MAX,
    });
    const datasets = args.full ? await this.tasks.datasets(tasks.map(({ jeditaskid }) => jeditaskid)) : [];
    return new Map(
      tasks.map((task) => [
        task.reqid ?? task.jeditaskid,
        { ...briefTask(task), ...fullPart(args.full, task.jeditaskid, datasets) },
      ]),
    );
  }
}

function fullPart(full: boolean, taskId: number, datasets: readonly DatasetSummary[]): operations.Fields {
  return full ? datasetSummary(datasets.filter(({ jeditaskid }) => jeditaskid === taskId)) : {};
}
