import { statement } from '../kernel/statement.js';

/** The funnel of a brokerage, throttling or splitting run, for "why does this task wait?". */
export const storeVerdict = statement<{ taskId: number; agent: string; kind: string; verdict: string }, { id: number }>(
  'verdict.store',
  `insert into panda_ops.brokerage_verdict (jeditaskid, agent, kind, verdict)
   values ($taskId, $agent, $kind, $verdict::jsonb) returning id`,
);

/** The newest verdicts of a task. */
export const readVerdicts = statement<
  { taskId: number; limit: number },
  { id: number; at: Date; agent: string; kind: string; verdict: unknown }
>(
  'verdict.read',
  `select id, at, agent, kind, verdict from panda_ops.brokerage_verdict where jeditaskid = $taskId order by at desc, id desc limit $limit`,
);

/** Verdicts of ended tasks, and all but the newest few of others, in bounded portions. */
export const pruneVerdicts = statement<{ days: number; keep: number; limit: number }, { id: number }>(
  'verdict.prune',
  `delete from panda_ops.brokerage_verdict where id in (
     select id from (
       select id, at, row_number() over (partition by jeditaskid order by at desc, id desc) as age from panda_ops.brokerage_verdict) v
     where at < now() - make_interval(days => $days::int) or age > $keep::int limit $limit)
   returning id`,
);
