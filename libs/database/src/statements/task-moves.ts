import { statement } from '../kernel/statement.js';

export interface TaskMoveParams {
  ids: number[];
  sources: string[];
  targets: (string | null)[];
  memory: string[];
  memoryName: (string | null)[];
  /** Every status beside its DEFT mirror. */
  statuses: string[];
  mirrors: string[];
  starting: string[];
  terminal: string[];
  actor: string;
  /** Fencing: only rows still locked by this claim; null moves whatever the lock. */
  claim: string | null;
  dialog: string | null;
  setDialog: boolean;
  unlock: boolean;
  /** keep · start (first time only) · clear */
  frozen: string;
  /** Seconds modificationTime is set back, for rows that shall be picked at once. */
  agedS: number;
}

/**
 * Moves tasks by one event: guarded by the sources, in id order, with status log, memory, times and the T_TASK mirror.
 * Spec: Database › TASKS_STATUSLOG; the mirror: panda-jedi:pandajedi/jedicore/JediDBProxy.py `setDeftStatus_JEDI`@42f4bb41.
 */
export const moveTasks = statement<TaskMoveParams, { id: number; from: string; to: string }>(
  'task.move',
  `with moves as (
     select * from unnest($sources::text[], $targets::text[], $memory::text[], $memoryName::text[]) as m(source, target, memory, memory_name)),
   mirrors as (select * from unnest($statuses::text[], $mirrors::text[]) as d(status, mirror)),
   locked as (
     select jeditaskid, status, oldstatus from doma_panda.jedi_tasks
     where jeditaskid = any($ids::bigint[]) and status = any($sources::text[]) and ($claim::text is null or lockedby = $claim)
     order by jeditaskid for update),
   next as (
     select l.jeditaskid, l.status as source, coalesce(m.target, l.oldstatus) as target,
       case m.memory when 'keep' then l.oldstatus when 'source' then l.status when 'resting' then coalesce(l.oldstatus, l.status)
         when 'named' then m.memory_name end as memory
     from locked l join moves m on m.source = l.status
     where m.target is not null or l.oldstatus = any($statuses::text[])),
   moved as (
     update doma_panda.jedi_tasks t set
       status = n.target, oldstatus = n.memory, superstatus = d.mirror, statechangetime = panda_ops.utc_now(),
       modificationtime = panda_ops.utc_now() - make_interval(secs => $agedS::int),
       errordialog = case when $setDialog::boolean then left($dialog::text, 510) else t.errordialog end,
       lockedby = case when $unlock::boolean then null else t.lockedby end,
       lockedtime = case when $unlock::boolean then null else t.lockedtime end,
       frozentime = case $frozen::text when 'start' then coalesce(t.frozentime, panda_ops.utc_now()) when 'clear' then null else t.frozentime end,
       starttime = case when n.target = any($starting::text[]) then coalesce(t.starttime, panda_ops.utc_now()) else t.starttime end,
       endtime = case when n.target = any($terminal::text[]) then panda_ops.utc_now() end
     from next n join mirrors d on d.status = n.target
     where t.jeditaskid = n.jeditaskid
     returning t.jeditaskid, n.source, n.target, d.mirror, t.attemptnr, t.errordialog),
   logged as (
     insert into doma_panda.tasks_statuslog (jeditaskid, modificationtime, status, modificationhost, attemptnr, reason)
     select jeditaskid, panda_ops.utc_now(), target, $actor::text, attemptnr, left(errordialog, 255) from moved),
   mirrored as (
     update doma_deft.t_task d set status = m.mirror, timestamp = panda_ops.utc_now(),
       start_time = case when m.target = any($starting::text[]) then coalesce(d.start_time, panda_ops.utc_now()) else d.start_time end
     from moved m where d.taskid = m.jeditaskid)
   select jeditaskid as id, source as "from", target as "to" from moved order by jeditaskid`,
);
