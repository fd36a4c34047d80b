import { platformsOf } from '../brokerage/software/architecture.js';
import type { Queue } from '../queue/queue.js';
import type { TaskSpec } from '../task/task-spec.js';

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
export function commonColumns(task: TaskSpec, queue: Queue, host: string) {
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

/** Columns that each job has of its own, or each queue: unset. */
const ownColumns = {
  pandaid: 0,
  jobname: null as string | null,
  transformation: null as string | null,
  processingtype: null as string | null,
  attemptnr: 0,
  maxattempt: 0,
  failedattempt: 0,
  assignedpriority: 0,
  currentpriority: 0,
  corecount: null as number | null,
  minramcount: 0,
  maxdiskcount: 0,
  maxcpucount: 0,
  maxwalltime: null as number | null,
  hs06: null as number | null,
  resource_type: null as string | null,
  eventservice: null as number | null,
  specialhandling: null as string | null,
  destinationdblock: null as string | null,
  proddblock: null as string | null,
  ninputfiles: 0,
  ninputdatafiles: 0,
  inputfilebytes: 0,
  inputfileproject: null as string | null,
  inputfiletype: null as string | null,
  noutputdatafiles: 0,
  transfertype: null as string | null,
  sourcesite: null as string | null,
};

/** A row of the jobs table with every column a generated job has. */
export type JobRow = typeof ownColumns & ReturnType<typeof commonColumns>;

/** A row to be copied and filled: all columns are there from the start, so that the copies share one shape. */
export const emptyJobRow = ownColumns;
