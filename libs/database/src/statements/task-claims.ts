import { statement } from '../kernel/statement.js';

export interface ClaimParams {
  statuses: string[];
  /** Only these tasks; null looks at all. */
  ids: number[] | null;
  claim: string;
  /** A claim older than this belongs to an agent that died. */
  staleS: number;
  limit: number;
}

/** Leases tasks in the given states, most urgent first; tasks somebody else holds are passed over without waiting. */
export const claimTasks = statement<ClaimParams, { id: number; status: string }>(
  'task.claim',
  `with picked as (
     select jeditaskid from doma_panda.jedi_tasks
     where  status = any($statuses::text[]) and ($ids::bigint[] is null or jeditaskid = any($ids))
     and    (lockedby is null or lockedtime < panda_ops.utc_now() - make_interval(secs => $staleS::int))
     order  by currentpriority desc nulls last, jeditaskid limit $limit for update skip locked)
   update doma_panda.jedi_tasks t set lockedby = $claim, lockedtime = panda_ops.utc_now()
   from   picked p where t.jeditaskid = p.jeditaskid
   returning t.jeditaskid as id, t.status`,
);

/** Those of the tasks that are in one of these states. */
export const tasksInStates = statement<{ statuses: string[]; ids: number[] }, { id: number }>(
  'task.inStates',
  `select jeditaskid as id from doma_panda.jedi_tasks
   where  jeditaskid = any($ids::bigint[]) and status = any($statuses::text[]) order by jeditaskid`,
);

/** Gives tasks back that are still held under the claim. */
export const releaseTasks = statement<{ claim: string; ids: number[] | null }, { id: number }>(
  'task.release',
  `update doma_panda.jedi_tasks set lockedby = null, lockedtime = null
   where  lockedby = $claim and ($ids::bigint[] is null or jeditaskid = any($ids)) returning jeditaskid as id`,
);

/** Extends a claim during long work; a task that is not returned was taken over: stop working on it. */
export const renewClaim = statement<{ claim: string; ids: number[] }, { id: number }>(
  'task.renewClaim',
  `update doma_panda.jedi_tasks set lockedtime = panda_ops.utc_now()
   where  lockedby = $claim and jeditaskid = any($ids::bigint[]) returning jeditaskid as id`,
);
