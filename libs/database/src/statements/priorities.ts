import { statement } from '../kernel/statement.js';

/** Places of users' jobs in the lines of their accounts: a group for jobs with a working group, else the user. Spec: FAQ › How job priorities are calculated. */

/**
 * Active jobs of an account, counted no further than `most`: what lies beyond makes no difference that anybody sees, and the count has a
 * bounded price.
 */
export const countActiveJobs = statement<
  { user: string | null; group: string | null; labels: string[]; most: number },
  { jobs: number }
>(
  'priority.activeJobs',
  `select case when $group::text is null then (
       select count(*) from (
         select from doma_panda.jobs_live where produsername = $user and workinggroup is null and prodsourcelabel = any($labels::text[])
         limit $most) u)
     else (
       select least(coalesce(sum(njobs), 0), $most::bigint) from panda_ops.job_stats_now
       where workinggroup = $group and prodsourcelabel = any($labels::text[]))
     end::int as jobs`,
);

export interface WaitingPriorityRow {
  pandaId: number;
  current: number;
  /** Live jobs of the account with smaller numbers. */
  ahead: number;
  waitedS: number;
  /** Priority of the task; null for a job without one. */
  ceiling: number | null;
}

/** Jobs of users that wait below `start`, in the order of their numbers, with their places in the lines of their accounts. */
export const waitingPriorities = statement<
  { labels: string[]; waiting: string[]; start: number; after: number; limit: number },
  WaitingPriorityRow
>(
  'priority.waiting',
  `select w.pandaid as "pandaId", w.currentpriority as current, w.ahead, w."waitedS", t.currentpriority as ceiling
   from (
     select pandaid, jeditaskid, jobstatus, currentpriority,
       (row_number() over (partition by workinggroup, case when workinggroup is null then produsername end order by pandaid) - 1)::int as ahead,
       greatest(extract(epoch from panda_ops.utc_now() - creationtime), 0)::float8 as "waitedS"
     from doma_panda.jobs_live where prodsourcelabel = any($labels::text[])) w
   left join doma_panda.jedi_tasks t on t.jeditaskid = w.jeditaskid
   where w.pandaid > $after and w.jobstatus = any($waiting::text[]) and w.currentpriority < $start
   order by w.pandaid limit $limit`,
);

/** Raises jobs that still wait; one that was handed out or raised meanwhile stays as it is. */
export const raisePriorities = statement<{ ids: number[]; priorities: number[]; waiting: string[] }, { id: number }>(
  'priority.raise',
  `update doma_panda.jobs_live j set currentpriority = s.priority
   from (select unnest($ids::bigint[]) as id, unnest($priorities::int[]) as priority) s
   where j.pandaid = s.id and j.jobstatus = any($waiting::text[]) and j.currentpriority < s.priority returning j.pandaid as id`,
);
