import { statement } from '../kernel/statement.js';

/** A row of JEDI_TASKS by its column names, with the counts of its master input. */
export interface TaskRow {
  readonly jeditaskid: number;
  readonly status: string;
  readonly username: string;
  readonly taskname: string | null;
  readonly reqid: number | null;
  readonly parent_tid: number | null;
  readonly nfiles: number;
  readonly nfilesfinished: number;
  readonly nfilesfailed: number;
  readonly nfilesmissing: number;
  readonly [column: string]: unknown;
}

/** Counts over the datasets that decide about the task: masters among its input. */
const masterInput = `lateral (
     select coalesce(sum(nfiles), 0)::bigint as nfiles, coalesce(sum(nfilesfinished), 0)::bigint as nfilesfinished,
       coalesce(sum(nfilesfailed), 0)::bigint as nfilesfailed, coalesce(sum(nfilesmissing), 0)::bigint as nfilesmissing
     from doma_panda.jedi_datasets d
     where d.jeditaskid = t.jeditaskid and d.masterid is null and d.type = any($inputTypes::text[])) c on true`;

export const taskStatusOf = statement<{ jeditaskid: number }, { status: string }>(
  'taskQuery.status',
  'select status from doma_panda.jedi_tasks where jeditaskid = $jeditaskid::bigint',
);

export const taskById = statement<{ jeditaskid: number; inputTypes: string[] }, TaskRow>(
  'taskQuery.byId',
  `select t.*, c.* from doma_panda.jedi_tasks t join ${masterInput} where t.jeditaskid = $jeditaskid::bigint`,
);

export interface TaskSearch {
  userName: string | null;
  since: string | null;
  taskIds: number[] | null;
  minTaskId: number | null;
  label: string | null;
  /** Exact values by column name; bound as one JSON value, never as text of the statement. */
  equal: string;
  inputTypes: string[];
  limit: number;
}

/** Newest tasks first. Names of users are compared without case: providers and servers spell them differently. */
export const searchTasks = statement<TaskSearch, TaskRow>(
  'taskQuery.search',
  `select t.*, c.* from doma_panda.jedi_tasks t join ${masterInput}
   where ($userName::text is null or lower(t.username) = lower($userName))
     and ($since::timestamp is null or t.modificationtime >= $since)
     and ($taskIds::bigint[] is null or t.jeditaskid = any($taskIds))
     and ($minTaskId::bigint is null or t.jeditaskid > $minTaskId)
     and ($label::text is null or t.prodsourcelabel = $label)
     and to_jsonb(t) @> $equal::jsonb
   order by t.jeditaskid desc limit $limit::int`,
);

export interface DatasetSummary {
  readonly jeditaskid: number;
  readonly datasetid: number;
  readonly datasetname: string;
  readonly containername: string | null;
  readonly type: string;
  readonly masterid: number | null;
  readonly status: string | null;
  readonly nfiles: number;
  readonly nfilestobeused: number;
  readonly nfilesused: number;
  readonly nfilesfinished: number;
  readonly nfilesfailed: number;
  readonly nfilesonhold: number;
}

export const datasetsOfTasks = statement<{ taskIds: number[] }, DatasetSummary>(
  'taskQuery.datasets',
  `select jeditaskid, datasetid, datasetname, containername, type, masterid, status, coalesce(nfiles, 0) as nfiles,
     coalesce(nfilestobeused, 0) as nfilestobeused, coalesce(nfilesused, 0) as nfilesused,
     coalesce(nfilesfinished, 0) as nfilesfinished, coalesce(nfilesfailed, 0) as nfilesfailed, coalesce(nfilesonhold, 0) as nfilesonhold
   from doma_panda.jedi_datasets where jeditaskid = any($taskIds::bigint[]) order by jeditaskid, datasetid`,
);

export const filesOfTask = statement<
  { jeditaskid: number; types: string[]; limit: number },
  { datasetid: number; datasetname: string; fileid: number; lfn: string; scope: string | null; status: string }
>(
  'taskQuery.files',
  `select d.datasetid, d.datasetname, c.fileid, c.lfn, c.scope, c.status
   from doma_panda.jedi_datasets d join doma_panda.jedi_dataset_contents c on c.jeditaskid = d.jeditaskid and c.datasetid = d.datasetid
   where d.jeditaskid = $jeditaskid::bigint and d.type = any($types::text[])
   order by d.datasetid, c.fileid limit $limit::int`,
);

export const jobIdsOfTask = statement<{ jeditaskid: number; limit: number }, { pandaid: number; merging: boolean }>(
  'taskQuery.jobIds',
  `select pandaid, coalesce(processingtype, '') = 'pmerge' as merging from doma_panda.jobs
   where jeditaskid = $jeditaskid::bigint order by pandaid limit $limit::int`,
);

export const retryHistoryOfTask = statement<
  { jeditaskid: number; relations: string[] },
  { oldpandaid: number; newpandaid: number }
>(
  'taskQuery.retryHistory',
  `select oldpandaid, newpandaid from doma_panda.jedi_job_retry_history
   where jeditaskid = $jeditaskid::bigint and (relationtype is null or relationtype = any($relations::text[])) order by newpandaid`,
);

export const parentOfTask = statement<{ jeditaskid: number }, { parent_tid: number | null }>(
  'taskQuery.parent',
  'select parent_tid from doma_panda.jedi_tasks where jeditaskid = $jeditaskid::bigint',
);

/** Metadata of the finished user jobs of a task. */
export const metadataOfJobs = statement<
  { jeditaskid: number; finished: string; limit: number },
  { pandaid: number; metadata: string | null }
>(
  'taskQuery.jobMetadata',
  `select j.pandaid, m.metadata from doma_panda.jobs j join doma_panda.job_metadata m on m.pandaid = j.pandaid
   where j.jeditaskid = $jeditaskid::bigint and j.is_final and j.jobstatus = $finished::text order by j.pandaid limit $limit::int`,
);

export const taskHistory = statement<
  { jeditaskid: number; limit: number },
  { modificationtime: Date; status: string; modificationhost: string | null; reason: string | null }
>(
  'taskQuery.history',
  `select modificationtime, status, modificationhost, reason from doma_panda.tasks_statuslog
   where jeditaskid = $jeditaskid::bigint order by modificationtime desc limit $limit::int`,
);

export const jobCountsOfTask = statement<{ jeditaskid: number }, { jobstatus: string; computingsite: string | null; n: number }>(
  'taskQuery.jobCounts',
  `select jobstatus, computingsite, count(*)::int as n from doma_panda.jobs
   where jeditaskid = $jeditaskid::bigint group by jobstatus, computingsite order by n desc`,
);

/** The error that most of the task's jobs in these states ended with, its commonest text, and how many there are of both. */
export const commonestJobError = statement<
  { jeditaskid: number; statuses: string[] },
  { component: string; code: number; diag: string | null; n: number; jobs: number }
>(
  'taskQuery.commonestJobError',
  `select e.component, e.code, mode() within group (order by e.diag) as diag, count(*)::int as n, max(j.jobs)::int as jobs
   from (select *, count(*) over () as jobs from doma_panda.jobs
         where jeditaskid = $jeditaskid::bigint and jobstatus = any($statuses::text[])) j
   cross join lateral (values ('pilot', j.piloterrorcode::int, j.piloterrordiag::text), ('exe', j.exeerrorcode, j.exeerrordiag),
     ('sup', j.superrorcode, j.superrordiag), ('ddm', j.ddmerrorcode, j.ddmerrordiag),
     ('brokerage', j.brokerageerrorcode, j.brokerageerrordiag), ('jobdispatcher', j.jobdispatchererrorcode, j.jobdispatchererrordiag),
     ('taskbuffer', j.taskbuffererrorcode, j.taskbuffererrordiag)) e(component, code, diag)
   where e.code <> 0 group by e.component, e.code order by n desc, e.component, e.code limit 1`,
);

/** The job of the task that a pilot gets first. */
export const firstWaitingJob = statement<
  { jeditaskid: number; activated: string },
  { pandaid: number; computingsite: string | null; gshare: string | null; currentpriority: number | null }
>(
  'taskQuery.firstWaitingJob',
  `select pandaid, computingsite, gshare, currentpriority from doma_panda.jobs_live
   where jeditaskid = $jeditaskid::bigint and jobstatus = $activated::text order by currentpriority desc, pandaid limit 1`,
);

export const waitingCommand = statement<{ jeditaskid: number }, { comm_cmd: string; comm_comment: string | null }>(
  'taskQuery.command',
  'select comm_cmd, comm_comment from doma_deft.prodsys_comm where comm_task = $jeditaskid::bigint',
);

export const tasksInShare = statement<{ gshare: string; status: string; limit: number }, { jeditaskid: number }>(
  'taskQuery.inShare',
  `select jeditaskid from doma_panda.jedi_tasks where gshare = $gshare::text and status = $status::text
   order by currentpriority desc, jeditaskid limit $limit::int`,
);
