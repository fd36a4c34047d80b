import { finalJobStatuses, type JobStatus, jobStatus } from '@panda/domain';
import { type Columns, RowBuilder } from './row.js';

/** A row of the jobs table: activated at QUEUE_A in the share `User Analysis`, unless changed. */
export class JobBuilder extends RowBuilder<JobBuilder> {
  constructor(columns: Columns) {
    super('doma_panda.jobs', columns);
  }

  protected copy(columns: Columns): JobBuilder {
    return new JobBuilder(columns);
  }

  ofTask(jeditaskid: number): JobBuilder {
    return this.with({ jeditaskid, taskid: jeditaskid });
  }
  inStatus(status: JobStatus): JobBuilder {
    return this.with({ jobstatus: status, is_final: finalJobStatuses.includes(status) });
  }
  at(queue: string): JobBuilder {
    return this.with({ computingsite: queue });
  }
  withShare(gshare: string): JobBuilder {
    return this.with({ gshare });
  }
  withPriority(priority: number): JobBuilder {
    return this.with({ assignedpriority: priority, currentpriority: priority });
  }
  withCores(cores: number, resourceType: string): JobBuilder {
    return this.with({ corecount: cores, resource_type: resourceType });
  }
}

export function aJob(id = 1000): JobBuilder {
  return new JobBuilder({
    pandaid: id,
    jobname: `job${id}`,
    jobstatus: jobStatus.activated,
    is_final: false,
    computingsite: 'QUEUE_A',
    cloud: 'WLCG',
    vo: 'wlcg',
    prodsourcelabel: 'user',
    processingtype: 'panda-client',
    produsername: 'alice',
    gshare: 'User Analysis',
    resource_type: 'SCORE',
    workqueue_id: 3,
    corecount: 1,
    assignedpriority: 1000,
    currentpriority: 1000,
    attemptnr: 1,
    maxattempt: 3,
    minramcount: 2000,
    maxdiskcount: 1000,
    maxwalltime: 3600,
    transformation: 'runGen-00-00-02',
    creationtime: '2026-01-01T00:00:00',
    modificationtime: '2026-01-01T00:00:00',
    statechangetime: '2026-01-01T00:00:00',
  });
}

/** A row of the job's files. */
export class JobFileBuilder extends RowBuilder<JobFileBuilder> {
  constructor(columns: Columns) {
    super('doma_panda.job_files', columns);
  }

  protected copy(columns: Columns): JobFileBuilder {
    return new JobFileBuilder(columns);
  }

  ofJob(pandaid: number): JobFileBuilder {
    return this.with({ pandaid });
  }
  /** The JEDI row behind the file. */
  behind(jeditaskid: number, datasetid: number, fileid: number): JobFileBuilder {
    return this.with({ jeditaskid, datasetid, fileid });
  }
  ofType(type: string): JobFileBuilder {
    return this.with({ type });
  }
}

export function aJobFile(rowId = 1): JobFileBuilder {
  return new JobFileBuilder({
    row_id: rowId,
    pandaid: 1000,
    lfn: `file.${rowId}`,
    scope: 'user.alice',
    type: 'input',
    status: 'ready',
    dataset: 'user.alice:dataset10',
    destinationdblock: 'user.alice:dataset10',
    attemptnr: 0,
    modificationtime: '2026-01-01T00:00:00',
  });
}
