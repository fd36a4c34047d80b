import { statement } from '../kernel/statement.js';

/**
 * Work lists of the agents: which tasks are worth looking at. They only find; taking is `TaskClaims.take({ ids })`, which
 * checks the state again. Each is served by the partial index on the state, in priority order, and is bounded.
 */

export interface GenerationPartition {
  statuses: string[];
  gshare: string | null;
  resourceType: string | null;
  workQueueId: number | null;
  /** Dataset types whose files make jobs. */
  types: string[];
  minPriority: number | null;
  staleS: number;
  limit: number;
}

/** Tasks of a partition (share × resource type) whose master input has files to be used, most urgent first. */
export const tasksWithInput = statement<
  GenerationPartition,
  { id: number; userName: string; workingGroup: string | null; priority: number; status: string }
>(
  'task.withInput',
  `select t.jeditaskid as id, t.username as "userName", t.workinggroup as "workingGroup", coalesce(t.currentpriority, 0) as priority, t.status
   from doma_panda.jedi_tasks t
   where t.status = any($statuses::text[]) and t.status in ('ready', 'running', 'scouting', 'topreprocess', 'preprocessing')
     and ($gshare::text is null or t.gshare = $gshare)
     and ($resourceType::text is null or t.resource_type = $resourceType) and ($workQueueId::int is null or t.workqueue_id = $workQueueId)
     and ($minPriority::int is null or t.currentpriority >= $minPriority)
     and (t.lockedby is null or t.lockedtime < panda_ops.utc_now() - make_interval(secs => $staleS::int))
     and exists (
       select from doma_panda.jedi_datasets d
       where d.jeditaskid = t.jeditaskid and d.masterid is null and d.type = any($types::text[])
         and d.status in ('ready', 'done') and coalesce(d.nfilestobeused, 0) > coalesce(d.nfilesused, 0))
   order by t.currentpriority desc nulls last, t.jeditaskid limit $limit`,
);

/** Partitions that have work now, with the number of tasks: what the generator's processes share out by leases. */
export const partitionsWithWork = statement<
  { statuses: string[] },
  { gshare: string | null; resourceType: string | null; label: string | null; vo: string | null; tasks: number }
>(
  'task.partitionsWithWork',
  `select gshare, resource_type as "resourceType", prodsourcelabel as label, vo, count(*) as tasks
   from doma_panda.jedi_tasks where status = any($statuses::text[]) group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
);

/** Tasks by state that nobody touched for a while, oldest first: rescues and time-outs. */
export const tasksIdle = statement<
  { statuses: string[]; idleS: number; minPriority: number; limit: number },
  { id: number; status: string; oldStatus: string | null; frozenTime: Date | null }
>(
  'task.idle',
  `select jeditaskid as id, status, oldstatus as "oldStatus", frozentime as "frozenTime" from doma_panda.jedi_tasks
   where status = any($statuses::text[]) and modificationtime < panda_ops.utc_now() - make_interval(secs => $idleS::int)
     and coalesce(currentpriority, 0) >= $minPriority::int and lockedby is null
   order by modificationtime, jeditaskid limit $limit`,
);

/** Live jobs of tasks, by state. */
export const liveJobsOfTasks = statement<
  { taskIds: number[] },
  { taskId: number; pandaId: number; status: string; processingType: string | null }
>(
  'job.liveOfTasks',
  `select jeditaskid as "taskId", pandaid as "pandaId", jobstatus as status, processingtype as "processingType"
   from doma_panda.jobs_live where jeditaskid = any($taskIds::bigint[]) order by pandaid`,
);

/** When an object shall be looked at again, and why it waits until then (T3). */
export const setNextAction = statement<{ kind: string; ids: number[]; inS: number; reason: string }, { id: number }>(
  'nextAction.set',
  `insert into panda_ops.next_action (kind, object_id, due_at, reason)
   select $kind, id, now() + make_interval(secs => $inS::int), $reason from unnest($ids::bigint[]) as id
   on conflict (kind, object_id) do update set due_at = excluded.due_at, reason = excluded.reason returning object_id as id`,
);

/** What waited for a date waits no more. */
export const clearNextAction = statement<{ kind: string; ids: number[] }, { id: number }>(
  'nextAction.clear',
  'delete from panda_ops.next_action where kind = $kind and object_id = any($ids::bigint[]) returning object_id as id',
);

/** Objects that are due; taken off the list. */
export const takeNextActions = statement<{ kind: string; limit: number }, { id: number; reason: string }>(
  'nextAction.take',
  `delete from panda_ops.next_action where (kind, object_id) in (
     select kind, object_id from panda_ops.next_action where kind = $kind and due_at <= now() order by due_at limit $limit for update skip locked)
   returning object_id as id, reason`,
);
