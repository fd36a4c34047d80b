import { platformsOf } from '../brokerage/software/architecture.js';
import type { Queue } from '../queue/queue.js';
import type { TaskSpec } from '../task/task-spec.js';
import type { Columns } from './built-job.js';

/** Who made a job. */
const MAKER = 'jedi';
/** Series label of every job; readers select on it. */
const SERIES = 'pandatest';
/** Not to be sent elsewhere. */
const PINNED = 2;
export const MERGE_TYPE = 'pmerge';

/** `Athena-21.0.38` → `Athena/21.0.38`. */
export function homePackage(transHome: string | null): string | null {
  return transHome === null ? null : transHome.replace(/-(\d+\.)/g, '/$1').replaceAll('\r', '');
}

/** Columns that are the same for every job of a task at a queue. Spec: JEDI › Job Generator. */
export function commonColumns(task: TaskSpec, queue: Queue, host: string): Columns {
  return {
    jobdefinitionid: 0,
    jobexecutionid: 0,
    creationhost: host,
    modificationhost: host,
    atlasrelease: (task.transUses ?? '').replaceAll('\r', ''),
    homepackage: homePackage(task.transHome),
    prodserieslabel: SERIES,
    prodsourcelabel: task.prodSourceLabel,
    produserid: task.userName,
    produsername: task.userName.slice(0, 60),
    maxcpuunit: task.walltimeUnit,
    maxdiskunit: 'MB',
    minramunit: 'MB',
    ipconnectivity: 'yes',
    computingsite: queue.name,
    cloud: task.cloud ?? queue.cloud,
    cmtconfig: platformsOf(task.architecture),
    lockedby: MAKER,
    relocationflag: task.splitRule.get('disableReassign') ? PINNED : 0,
    vo: task.vo,
    workinggroup: task.workingGroup?.slice(0, 20) ?? null,
    countrygroup: task.countryGroup,
    jobsetid: task.reqId,
    reqid: task.reqId,
    workqueue_id: task.workQueueId,
    jeditaskid: task.jediTaskId,
    taskid: task.jediTaskId,
    nucleus: task.nucleus,
    gshare: task.gshare,
    container_name: task.containerName,
    job_label: task.taskType.slice(0, 20),
    diskio: task.diskIo,
  };
}
