import { statement } from '../kernel/statement.js';

/** Live jobs by queue, resource type, label and state, from the maintained statistics: exact at every commit, never a recount. */
export const readJobStatistics = statement<
  object,
  { computingsite: string | null; resource_type: string | null; prodsourcelabel: string | null; jobstatus: string; n: number }
>(
  'jobStatistics.read',
  `select computingsite, resource_type, prodsourcelabel, jobstatus, sum(njobs)::int as n from panda_ops.job_stats_now
   group by computingsite, resource_type, prodsourcelabel, jobstatus order by 1, 2, 3, 4`,
);

/** Work of the shares: executing and waiting jobs with their cores, for the order in which shares are served. */
export const readShareUsage = statement<
  { executing: string[]; queued: string[] },
  { gshare: string | null; executing: number; queued: number }
>(
  'jobStatistics.shareUsage',
  `select gshare, coalesce(sum(ncores) filter (where jobstatus = any($executing::text[])), 0)::int as executing,
     coalesce(sum(ncores) filter (where jobstatus = any($queued::text[])), 0)::int as queued
   from panda_ops.job_stats_now group by gshare`,
);
