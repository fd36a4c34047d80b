import { statement } from '../kernel/statement.js';

/**
 * What the throttler of production counts, over all shares and work queues at once and from the maintained statistics: the price of a look
 * does not grow with the number of jobs. Spec: JEDI › Job Generator › Job Throttler.
 */

interface CountedForColumns {
  gshare: string | null;
  workQueueId: number | null;
  resourceType: string | null;
}

/** Live jobs by state; those at the queues named in `dynamic` apart from the others. */
export const readOccupancy = statement<
  { dynamic: string[] },
  CountedForColumns & { status: string; isDynamic: boolean; jobs: number; walltimeS: number; withWalltime: number }
>(
  'throttle.occupancy',
  `select gshare, workqueue_id as "workQueueId", resource_type as "resourceType", jobstatus as status,
     coalesce(computingsite = any($dynamic::text[]), false) as "isDynamic", sum(njobs)::bigint as jobs, sum(walltime)::float8 as "walltimeS",
     sum(n_walltime)::bigint as "withWalltime"
   from panda_ops.job_stats_now group by 1, 2, 3, 4, 5`,
);

/** Jobs that do not run yet at the highest priority among their kind; merge jobs do not count. */
export const readUrgentJobs = statement<object, CountedForColumns & { priority: number; jobs: number }>(
  'throttle.urgentJobs',
  `select gshare, workqueue_id as "workQueueId", resource_type as "resourceType", max_priority as priority, sum(max_priority_count)::bigint as jobs
   from doma_panda.job_stats_hp where max_priority is not null group by 1, 2, 3, 4`,
);

/** The highest priority among tasks that still have input for jobs. */
export const readWaitingTasks = statement<{ statuses: string[]; driving: string[] }, CountedForColumns & { priority: number }>(
  'throttle.waitingTasks',
  `select t.gshare, t.workqueue_id as "workQueueId", t.resource_type as "resourceType", max(t.currentpriority) as priority
   from doma_panda.jedi_tasks t
   where t.status = any($statuses::text[]) and t.currentpriority is not null and exists (
     select from doma_panda.jedi_datasets d where d.jeditaskid = t.jeditaskid and d.masterid is null and d.type = any($driving::text[])
     and coalesce(d.nfilestobeused, 0) > coalesce(d.nfilesused, 0))
   group by 1, 2, 3`,
);
