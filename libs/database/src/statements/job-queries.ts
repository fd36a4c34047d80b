import { statement } from '../kernel/statement.js';

/** A row of the jobs table by its column names, the parameters joined in. */
export interface JobRow {
  readonly pandaid: number;
  readonly jobstatus: string;
  readonly jeditaskid: number | null;
  readonly produsername: string | null;
  readonly parameters: string | null;
  readonly is_final: boolean;
  readonly [column: string]: unknown;
}

export const jobsByIds = statement<{ ids: number[] }, JobRow>(
  'jobQuery.byIds',
  `select j.*, coalesce(j.jobparameters, p.jobparameters) as parameters
   from doma_panda.jobs j left join doma_panda.job_params p on p.pandaid = j.pandaid
   where j.pandaid = any($ids::bigint[])`,
);

export interface JobSearch {
  taskId: number | null;
  userName: string | null;
  queue: string | null;
  statuses: string[] | null;
  since: string | null;
  limit: number;
}

export const searchJobs = statement<JobSearch, JobRow>(
  'jobQuery.search',
  `select j.*, null::text as parameters from doma_panda.jobs j
   where ($taskId::bigint is null or j.jeditaskid = $taskId)
     and ($userName::text is null or j.produsername = $userName)
     and ($queue::text is null or j.computingsite = $queue)
     and ($statuses::text[] is null or j.jobstatus = any($statuses))
     and ($since::timestamp is null or j.statechangetime >= $since)
   order by j.pandaid desc limit $limit::int`,
);

export interface JobFileRow {
  readonly pandaid: number;
  readonly row_id: number;
  readonly lfn: string | null;
  readonly type: string | null;
  readonly [column: string]: unknown;
}

export const filesOfJobs = statement<{ ids: number[] }, JobFileRow>(
  'jobQuery.files',
  'select * from doma_panda.job_files where pandaid = any($ids::bigint[]) order by pandaid, row_id',
);

export const jobStatusesOf = statement<
  { ids: number[] },
  {
    pandaid: number;
    jobstatus: string;
    attemptnr: number;
    commandtopilot: string | null;
    is_final: boolean;
    ended_h: number | null;
  }
>(
  'jobQuery.statuses',
  `select pandaid, jobstatus, attemptnr, commandtopilot, is_final,
     case when is_final then extract(epoch from panda_ops.utc_now() - statechangetime) / 3600 end::float8 as ended_h
   from doma_panda.jobs where pandaid = any($ids::bigint[])`,
);

export const jobHistory = statement<
  { pandaid: number; limit: number },
  { modificationtime: Date; jobstatus: string; computingsite: string | null; modificationhost: string | null }
>(
  'jobQuery.history',
  `select modificationtime, jobstatus, computingsite, modificationhost from doma_panda.jobs_statuslog
   where pandaid = $pandaid::bigint order by modificationtime desc limit $limit::int`,
);

/** Jobs of the same share and queue that go first. */
export const jobsAhead = statement<{ pandaid: number; activated: string }, { ahead: number; waiting: number }>(
  'jobQuery.ahead',
  `select count(*) filter (where o.currentpriority > j.currentpriority
       or (o.currentpriority = j.currentpriority and o.pandaid < j.pandaid))::int as ahead, count(*)::int as waiting
   from doma_panda.jobs_live j join doma_panda.jobs_live o
     on o.computingsite = j.computingsite and o.gshare is not distinct from j.gshare and o.jobstatus = $activated::text
   where j.pandaid = $pandaid::bigint`,
);

/** Jobs of a queue that pilots have, and workers of the queue that run or are on their way; workers not heard of for a day do not count. */
export const queueAtAGlance = statement<
  { queue: string; held: string[]; running: string[]; coming: string[] },
  { held: number; pilots: number; pilotscoming: number }
>(
  'jobQuery.queueAtAGlance',
  `select
     (select count(*) from doma_panda.jobs_live where computingsite = $queue::text and jobstatus = any($held::text[]))::int as held,
     count(*) filter (where status = any($running::text[]))::int as pilots,
     count(*) filter (where status = any($coming::text[]))::int as pilotscoming
   from doma_panda.harvester_workers
   where computingsite = $queue and status = any($running || $coming) and lastupdate > panda_ops.utc_now() - interval '1 day'`,
);

export interface KillCandidate {
  readonly pandaid: number;
  readonly jobstatus: string;
  readonly produsername: string | null;
  readonly prodsourcelabel: string | null;
  readonly workinggroup: string | null;
  readonly jeditaskid: number | null;
}

/** Live jobs, locked in id order, so that each is judged on the state it will be killed in. */
export const lockLiveJobs = statement<{ ids: number[] }, KillCandidate>(
  'jobQuery.lockLive',
  `select pandaid, jobstatus, produsername, prodsourcelabel, workinggroup, jeditaskid from doma_panda.jobs_live
   where pandaid = any($ids::bigint[]) order by pandaid for update`,
);

/** Tells pilots to stop; the server error says why in case the pilot never answers. */
export const askPilotsToStop = statement<{ ids: number[]; command: string; code: number; diag: string }, object>(
  'job.askPilotsToStop',
  `update doma_panda.jobs_live set commandtopilot = $command::text, taskbuffererrorcode = $code::int,
     taskbuffererrordiag = left($diag::text, 300)
   where pandaid = any($ids::bigint[])`,
);

/** A command for the pilot of a live job; refused while the job is being killed. */
export const putPilotCommand = statement<{ pandaid: number; command: string; kill: string }, { taken: boolean }>(
  'job.putPilotCommand',
  `with job as (select pandaid, commandtopilot from doma_panda.jobs_live where pandaid = $pandaid::bigint for update),
   put as (
     update doma_panda.jobs_live j set commandtopilot = $command::text from job
     where j.pandaid = job.pandaid and coalesce(job.commandtopilot, '') not like '%' || $kill::text || '%' returning 1)
   select exists (select from put) as taken from job`,
);

export interface DebugJob {
  readonly pandaid: number;
  readonly jobstatus: string;
  readonly produsername: string | null;
  readonly workinggroup: string | null;
  readonly specialhandling: string | null;
  readonly commandtopilot: string | null;
}

export const lockDebugJob = statement<{ pandaid: number }, DebugJob>(
  'job.lockForDebug',
  `select pandaid, jobstatus, produsername, workinggroup, specialhandling, commandtopilot from doma_panda.jobs_live
   where pandaid = $pandaid::bigint for update`,
);

export const countDebugJobs = statement<{ userName: string | null; workingGroup: string | null }, { n: number }>(
  'job.countDebug',
  `select count(*)::int as n from doma_panda.jobs_live
   where 'debug' = any(string_to_array(specialhandling, ',')) and ($userName::text is null or produsername = $userName)
     and ($workingGroup::text is null or workinggroup = $workingGroup)`,
);

export const writeDebugMode = statement<{ pandaid: number; specialHandling: string | null; command: string | null }, object>(
  'job.writeDebugMode',
  `update doma_panda.jobs_live set specialhandling = $specialHandling::text, commandtopilot = $command::text
   where pandaid = $pandaid::bigint`,
);
