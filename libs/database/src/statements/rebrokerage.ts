import { statement } from '../kernel/statement.js';

/** Queued and running jobs of each global share at each queue, from the maintained statistics. Work queues that are no share take no part. */
export const queuedShares = statement<
  { queued: string[]; running: string[] },
  { queue: string; gshare: string; queued: number; running: number; queuedEverywhere: number; hasSlots: boolean }
>(
  'rebrokerage.queuedShares',
  `select s.queue, s.gshare, s.queued, s.running, (sum(s.queued) over (partition by s.gshare))::int as "queuedEverywhere",
     exists (select from doma_panda.harvester_slots h where h.pandaqueuename = s.queue
       and (h.expirationtime is null or h.expirationtime > panda_ops.utc_now())) as "hasSlots"
   from (
     select computingsite as queue, gshare, coalesce(sum(njobs) filter (where jobstatus = any($queued::text[])), 0)::int as queued,
       coalesce(sum(njobs) filter (where jobstatus = any($running::text[])), 0)::int as running
     from panda_ops.job_stats_now j
     where computingsite is not null and exists (select from doma_panda.global_shares g where g.name = j.gshare)
     group by 1, 2) s
   order by 1, 2`,
);

/** The oldest jobs of a share that wait at a queue. Only jobs of tasks: others would not be made again. */
export const oldestQueued = statement<{ queue: string; gshare: string; queued: string[]; limit: number }, { pandaId: number }>(
  'rebrokerage.oldestQueued',
  `select pandaid as "pandaId" from doma_panda.jobs_live
   where computingsite = $queue and gshare = $gshare and jobstatus = any($queued::text[]) and jeditaskid is not null
   order by pandaid limit $limit`,
);
