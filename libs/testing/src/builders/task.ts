import { type TaskStatus, taskStatus } from '@panda/domain';
import { type Columns, RowBuilder } from './row.js';

/** A row of JEDI_TASKS: ready, of a user, in the share `User Analysis`, unless changed. */
export class TaskBuilder extends RowBuilder<TaskBuilder> {
  constructor(columns: Columns) {
    super('doma_panda.jedi_tasks', columns);
  }

  protected copy(columns: Columns): TaskBuilder {
    return new TaskBuilder(columns);
  }

  inStatus(status: TaskStatus): TaskBuilder {
    return this.with({ status });
  }
  running(): TaskBuilder {
    return this.inStatus(taskStatus.running);
  }
  scouting(): TaskBuilder {
    return this.inStatus(taskStatus.scouting);
  }
  withShare(gshare: string): TaskBuilder {
    return this.with({ gshare });
  }
  withPriority(priority: number): TaskBuilder {
    return this.with({ taskpriority: priority, currentpriority: priority });
  }
  withSplitRule(splitrule: string): TaskBuilder {
    return this.with({ splitrule });
  }
  childOf(parent: number): TaskBuilder {
    return this.with({ parent_tid: parent });
  }
  lockedBy(claim: string): TaskBuilder {
    return this.with({ lockedby: claim, lockedtime: new Date().toISOString().slice(0, 19) });
  }
}

/** `id` is the jediTaskID: tests name their objects, so that failures are readable. */
export function aTask(id = 1): TaskBuilder {
  return new TaskBuilder({
    jeditaskid: id,
    taskname: `user.alice.task${id}`,
    status: taskStatus.ready,
    username: 'alice',
    vo: 'wlcg',
    prodsourcelabel: 'user',
    tasktype: 'anal',
    processingtype: 'panda-client',
    taskpriority: 1000,
    currentpriority: 1000,
    gshare: 'User Analysis',
    resource_type: 'SCORE',
    workqueue_id: 3,
    corecount: 1,
    cloud: 'WLCG',
    transpath: 'http://example.org/trf/user/runGen-00-00-02',
    splitrule: '',
    attemptnr: 0,
  });
}

/** A row of T_TASK. */
export class DeftTaskBuilder extends RowBuilder<DeftTaskBuilder> {
  constructor(columns: Columns) {
    super('doma_deft.t_task', columns);
  }

  protected copy(columns: Columns): DeftTaskBuilder {
    return new DeftTaskBuilder(columns);
  }

  inStatus(status: string): DeftTaskBuilder {
    return this.with({ status });
  }
}

export function aDeftTask(id = 1): DeftTaskBuilder {
  return new DeftTaskBuilder({
    taskid: id,
    status: taskStatus.registered,
    vo: 'wlcg',
    prodsourcelabel: 'user',
    taskname: `user.alice.task${id}`,
    username: 'alice',
    submit_time: '2026-01-01T00:00:00',
    jedi_task_parameters: '{}',
  });
}
