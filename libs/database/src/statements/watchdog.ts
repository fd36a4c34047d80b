import { statement } from '../kernel/statement.js';

/** What the slow sweeps look for. Each finds a bounded number of tasks nobody works on. Spec: JEDI › Watch Dog. */

export interface PendingRow {
  id: number;
  vo: string | null;
  label: string | null;
  currentPriority: number;
  modificationTime: Date;
  frozenTime: Date | null;
  parentStatus: string | null;
  now: Date;
}

/** Pending tasks, those that wait longest first, and those whose time-out may be over whenever they were touched. */
export const pendingTasks = statement<{ pending: string; idleS: number; limit: number }, PendingRow>(
  'watchdog.pending',
  `select t.jeditaskid as id, t.vo, t.prodsourcelabel as label, coalesce(t.currentpriority, 0) as "currentPriority",
     t.modificationtime as "modificationTime", t.frozentime as "frozenTime", parent.status as "parentStatus", panda_ops.utc_now() as now
   from   doma_panda.jedi_tasks t
   left   join doma_panda.jedi_tasks parent on parent.jeditaskid = t.parent_tid and parent.jeditaskid <> t.jeditaskid
   where  t.status = $pending and t.lockedby is null and t.modificationtime < panda_ops.utc_now() - make_interval(secs => $idleS::int)
   order  by t.modificationtime, t.jeditaskid limit $limit`,
);

/** Exhausted tasks about which nobody decided since. */
export const oldExhausted = statement<
  { exhausted: string; ageS: number; limit: number },
  { id: number; splitRule: string | null; stateChangeTime: Date; now: Date }
>(
  'watchdog.exhausted',
  `select jeditaskid as id, splitrule as "splitRule", statechangetime as "stateChangeTime", panda_ops.utc_now() as now
   from   doma_panda.jedi_tasks
   where  status = $exhausted and statechangetime < panda_ops.utc_now() - make_interval(secs => $ageS::int)
   and    not coalesce(splitrule, '') ~ '(^|,)DF='
   order  by statechangetime, jeditaskid limit $limit`,
);

export interface GoalRow {
  id: number;
  goal: number;
  splitRule: string | null;
  status: string;
  parentStatus: string | null;
  untouchedFiles: number;
  nEventsInput: number;
  nEventsOutput: number;
}

/** Running tasks with a goal. Files stand for events where the input has none. */
export const tasksWithGoal = statement<
  { running: string; driving: string[]; output: string; after: number; limit: number },
  GoalRow
>(
  'watchdog.goals',
  `select t.jeditaskid as id, t.goal::int as goal, t.splitrule as "splitRule", t.status, parent.status as "parentStatus",
     i.untouched as "untouchedFiles", case when i.events > 0 then i.events else i.files end as "nEventsInput",
     case when i.events > 0 and o.events > 0 then o.events when i.events > 0 then i.used else i.finished end as "nEventsOutput"
   from   doma_panda.jedi_tasks t
   left   join doma_panda.jedi_tasks parent on parent.jeditaskid = t.parent_tid and parent.jeditaskid <> t.jeditaskid
   cross  join lateral (
     select coalesce(sum(d.nevents), 0)::bigint as events, coalesce(sum(d.nfiles), 0)::bigint as files, coalesce(sum(d.neventsused), 0)::bigint as used,
       coalesce(sum(d.nfilesfinished), 0)::bigint as finished,
       coalesce(sum(greatest(coalesce(d.nfilestobeused, 0) - coalesce(d.nfilesused, 0), 0)), 0)::bigint as untouched
     from doma_panda.jedi_datasets d where d.jeditaskid = t.jeditaskid and d.masterid is null and d.type = any($driving::text[])) i
   cross  join lateral (
     select coalesce(max(d.nevents), 0)::bigint as events from doma_panda.jedi_datasets d where d.jeditaskid = t.jeditaskid and d.type = $output) o
   where  t.status = $running and t.goal is not null and t.jeditaskid > $after
   order  by t.jeditaskid limit $limit`,
);

/** Tasks by id with their state, locked; those a living agent holds are passed over. */
export const lockIdle = statement<{ ids: number[]; staleS: number }, { id: number; status: string }>(
  'watchdog.lockIdle',
  `select jeditaskid as id, status from doma_panda.jedi_tasks
   where  jeditaskid = any($ids::bigint[]) and (lockedby is null or lockedtime < panda_ops.utc_now() - make_interval(secs => $staleS::int))
   order  by jeditaskid for update skip locked`,
);

/** Gives up claims of agents that died, whoever held them. */
export const unlockStale = statement<{ staleS: number; limit: number }, { id: number; to: string; lockedBy: string }>(
  'watchdog.unlockStale',
  `with stale as (
     select jeditaskid, lockedby from doma_panda.jedi_tasks
     where lockedby is not null and lockedtime < panda_ops.utc_now() - make_interval(secs => $staleS::int)
     order by jeditaskid limit $limit for update skip locked)
   update doma_panda.jedi_tasks t set lockedby = null, lockedtime = null from stale s
   where t.jeditaskid = s.jeditaskid returning t.jeditaskid as id, t.status as "to", s.lockedby as "lockedBy"`,
);

/** Takes a claim away from an agent that died over its picks. */
export const unlockTask = statement<{ id: number }, never>(
  'watchdog.unlock',
  'update doma_panda.jedi_tasks set lockedby = null, lockedtime = null where jeditaskid = $id',
);

/** Jobs that may be handed out although their task is paused: they became ready after the command. */
export const jobsOfPausedTasks = statement<{ paused: string; activated: string; limit: number }, { pandaId: number }>(
  'watchdog.jobsOfPausedTasks',
  `select j.pandaid as "pandaId" from doma_panda.jedi_tasks t join doma_panda.jobs_live j using (jeditaskid)
   where  t.status = $paused and j.jobstatus = $activated order by j.pandaid limit $limit`,
);

export const reassignedTasks = statement<
  { reassigning: string; limit: number },
  { id: number; cloud: string | null; nucleus: string | null; oldStatus: string | null }
>(
  'watchdog.reassigned',
  `select jeditaskid as id, cloud, nucleus, oldstatus as "oldStatus" from doma_panda.jedi_tasks
   where  status = $reassigning order by jeditaskid limit $limit`,
);

/** Tasks whose counters are compared with their files, in id order. Event service counts events, not files. */
export const tasksToCount = statement<{ terminal: string[]; after: number; limit: number }, { id: number }>(
  'watchdog.tasksToCount',
  `select jeditaskid as id from doma_panda.jedi_tasks
   where  not status = any($terminal::text[]) and coalesce(eventservice, 0) = 0 and jeditaskid > $after order by jeditaskid limit $limit`,
);

/** Corrects counters by what they are wrong, so that changes that come at the same time are kept; leaves a record. */
export const repairCounters = statement<
  { taskId: number; datasetId: number; used: number; finished: number; failed: number; before: string; after: string },
  never
>(
  'watchdog.repairCounters',
  `with mended as (
     update doma_panda.jedi_datasets set nfilesused = coalesce(nfilesused, 0) + $used::bigint, nfilesfinished = coalesce(nfilesfinished, 0) + $finished::bigint,
       nfilesfailed = coalesce(nfilesfailed, 0) + $failed::bigint, modificationtime = panda_ops.utc_now()
     where jeditaskid = $taskId and datasetid = $datasetId returning 1)
   insert into panda_ops.repair (invariant, object, before, after)
   select 'F2', 'dataset:' || $taskId::bigint || '/' || $datasetId::bigint, $before::jsonb, $after::jsonb from mended`,
);

export interface NearlyDoneRow {
  id: number;
  status: string;
  parentStatus: string | null;
  nFiles: number;
  nFilesFinished: number;
  nFilesFailed: number;
  remainingJobs: number;
  currentPriority: number;
}

/** Running tasks of a label below a priority with some input settled; files not yet used count as jobs to come. */
export const tasksNearTheEnd = statement<
  { running: string; label: string; below: number; driving: string[]; after: number; limit: number },
  NearlyDoneRow
>(
  'watchdog.nearTheEnd',
  `select t.jeditaskid as id, t.status, parent.status as "parentStatus", i.files as "nFiles", i.finished as "nFilesFinished",
     i.failed as "nFilesFailed", (select count(*) from doma_panda.jobs_live j where j.jeditaskid = t.jeditaskid) + i.unused as "remainingJobs",
     coalesce(t.currentpriority, 0) as "currentPriority"
   from   doma_panda.jedi_tasks t
   left   join doma_panda.jedi_tasks parent on parent.jeditaskid = t.parent_tid and parent.jeditaskid <> t.jeditaskid
   cross  join lateral (
     select coalesce(sum(d.nfiles), 0)::bigint as files, coalesce(sum(d.nfilesfinished), 0)::bigint as finished,
       coalesce(sum(d.nfilesfailed), 0)::bigint as failed, coalesce(sum(coalesce(d.nfiles, 0) - coalesce(d.nfilesused, 0)), 0)::bigint as unused
     from doma_panda.jedi_datasets d where d.jeditaskid = t.jeditaskid and d.masterid is null and d.type = any($driving::text[])) i
   where  t.status = $running and t.prodsourcelabel = $label and coalesce(t.currentpriority, 0) < $below::int and t.jeditaskid > $after
     and  i.finished > 0
   order  by t.jeditaskid limit $limit`,
);

/** Priority and share of a running task, and of its jobs that wait. */
export const boostTask = statement<
  { id: number; running: string; priority: number; gshare: string; waiting: string[] },
  { jobs: number }
>(
  'watchdog.boost',
  `with task as (
     update doma_panda.jedi_tasks set currentpriority = $priority::int, gshare = $gshare::text
     where jeditaskid = $id and status = $running and coalesce(currentpriority, 0) < $priority::int returning jeditaskid),
   mirrored as (update doma_deft.t_task d set current_priority = $priority::int from task where d.taskid = task.jeditaskid),
   jobs as (
     update doma_panda.jobs_live j set currentpriority = $priority::int, gshare = $gshare::text from task
     where j.jeditaskid = task.jeditaskid and j.jobstatus = any($waiting::text[]) returning 1)
   select (select count(*) from jobs)::int as jobs from task`,
);
