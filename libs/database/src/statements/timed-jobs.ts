import { statement } from '../kernel/statement.js';

/** Live jobs that may have waited too long. Spec: Brokerage › Timeout Rules. */

export interface TimedJobRow {
  pandaId: number;
  status: string;
  prodSourceLabel: string | null;
  processingType: string | null;
  currentPriority: number;
  jobSubStatus: string | null;
  isJedi: boolean;
  eventService: number | null;
  creationTime: Date;
  modificationTime: Date;
  stateChangeTime: Date | null;
  startTime: Date | null;
  endTime: Date | null;
  computingSite: string | null;
  hasErrorText: boolean;
  hasOutputReport: boolean;
  workerEnded: boolean;
  preMergeGone: boolean;
  accountActiveAt: Date | null;
  now: Date;
}

/**
 * The next jobs by id that are older than the shortest limits of their state: `idles` seconds since the last change or the
 * end, `longs` since they were made or started. Bounded; the caller goes on after the last id. The activity of accounts is looked
 * for only when `accountIdleS` says how far back.
 */
export const timedJobs = statement<
  { floors: string; after: number; endedWorkers: string[]; accountIdleS: number | null; limit: number },
  TimedJobRow
>(
  'timedJobs.look',
  `with f as materialized (select * from jsonb_to_recordset($floors::jsonb) as f(status text, idles int, longs int)),
   due as (
     select j.* from f join doma_panda.jobs_live j on j.jobstatus = f.status
     where j.pandaid > $after::bigint
       and (least(j.modificationtime, j.statechangetime, j.endtime) < panda_ops.utc_now() - make_interval(secs => f.idles)
         or least(j.creationtime, j.starttime) < panda_ops.utc_now() - make_interval(secs => f.longs))
     order by j.pandaid limit $limit::int),
   accounts as materialized (
     select a.produsername, greatest(
       (select max(greatest(o.starttime, o.endtime)) from doma_panda.jobs_live o where o.produsername = a.produsername and o.jobstatus <> 'activated'),
       (select max(o.endtime) from doma_panda.jobs_final o
        where o.produsername = a.produsername and o.statechangetime > panda_ops.utc_now() - make_interval(secs => $accountIdleS::int))) as active
     from (select distinct produsername from due where $accountIdleS::int is not null and produsername is not null) a)
   select j.pandaid as "pandaId", j.jobstatus as status, j.prodsourcelabel as "prodSourceLabel", j.processingtype as "processingType",
     j.currentpriority as "currentPriority", j.jobsubstatus as "jobSubStatus", j.jeditaskid is not null as "isJedi",
     j.eventservice as "eventService", j.creationtime as "creationTime", j.modificationtime as "modificationTime",
     j.statechangetime as "stateChangeTime", j.starttime as "startTime", j.endtime as "endTime", j.computingsite as "computingSite",
     coalesce(nullif(j.piloterrordiag, ''), nullif(j.exeerrordiag, ''), nullif(j.jobdispatchererrordiag, ''), nullif(j.ddmerrordiag, '')) is not null as "hasErrorText",
     exists (select from doma_panda.job_output_report r where r.pandaid = j.pandaid) as "hasOutputReport",
     exists (
       select from doma_panda.harvester_rel_jobs_workers r join doma_panda.harvester_workers w using (harvesterid, workerid)
       where r.pandaid = j.pandaid and w.status = any($endedWorkers::text[])) as "workerEnded",
     j.processingtype = 'pmerge' and exists (
       select from doma_panda.job_files f where f.pandaid = j.pandaid and f.type in ('trn_log', 'trn_output'))
       and not exists (
       select from doma_panda.job_files f
       join doma_panda.jedi_dataset_contents c on c.jeditaskid = f.jeditaskid and c.datasetid = f.datasetid and c.fileid = f.fileid
       join doma_panda.jobs_live p on p.pandaid = c.boundaryid
       where f.pandaid = j.pandaid and f.type in ('trn_log', 'trn_output')) as "preMergeGone",
     a.active as "accountActiveAt",
     panda_ops.utc_now() as now
   from due j left join accounts a using (produsername) order by j.pandaid`,
);

/** When a job last started at each queue, as far as that is within the last hours. */
export const lastStarts = statement<{ hours: number }, { queue: string; lastStart: Date }>(
  'timedJobs.lastStarts',
  `select computingsite as queue, max(starttime) as "lastStart" from (
     select computingsite, starttime from doma_panda.jobs_live where starttime is not null
     union all
     select computingsite, starttime from doma_panda.jobs_final where statechangetime > panda_ops.utc_now() - make_interval(hours => $hours::int)) j
   where computingsite is not null and starttime is not null group by computingsite order by computingsite`,
);

/** Jobs in these states, from the maintained statistics. */
export const countLiveJobs = statement<{ statuses: string[] }, { n: number }>(
  'timedJobs.count',
  'select coalesce(sum(njobs), 0)::int as n from panda_ops.job_stats_now where jobstatus = any($statuses::text[])',
);
