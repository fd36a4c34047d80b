import { statement } from '../kernel/statement.js';

/** Holds off everybody who submits the same name until this transaction ends. Reliability T7. */
export const lockTaskName = statement<{ key: string }, object>(
  'taskIntake.lockName',
  'select pg_advisory_xact_lock(hashtextextended($key::text, 7263412))',
);

export interface SameNameParams {
  vo: string;
  label: string;
  /** Null for official tasks, whose names are unique over all users. */
  userName: string | null;
  taskName: string;
}

/** The newest task of a name; one that only the intake table knows has that table's status. */
export const findSameName = statement<SameNameParams, { jeditaskid: number; status: string }>(
  'taskIntake.findSameName',
  `select d.taskid as jeditaskid, coalesce(t.status, d.status) as status
   from doma_deft.t_task d left join doma_panda.jedi_tasks t on t.jeditaskid = d.taskid
   where d.taskname = $taskName::text and d.vo = $vo::text and d.prodsourcelabel = $label::text
     and ($userName::text is null or d.username = $userName)
   order by d.taskid desc limit 1`,
);

export const countActiveTasks = statement<{ userName: string; label: string; ended: string[] }, { active: number }>(
  'taskIntake.countActive',
  `select count(*)::int as active from doma_deft.t_task d join doma_panda.jedi_tasks t on t.jeditaskid = d.taskid
   where d.username = $userName::text and d.prodsourcelabel = $label::text and t.status <> all($ended::text[])`,
);

export const findTaskByName = statement<{ userName: string; taskName: string }, { jeditaskid: number }>(
  'taskIntake.findByName',
  `select taskid as jeditaskid from doma_deft.t_task
   where taskname = $taskName::text and username = $userName::text order by taskid desc limit 1`,
);

export interface NewTaskParams {
  parent: number | null;
  status: string;
  mirror: string;
  vo: string | null;
  label: string | null;
  taskName: string | null;
  userName: string;
  priority: number;
  currentPriority: number;
  parameters: string;
  reqId: number | null;
  workingGroup: string | null;
  countryGroup: string | null;
  taskType: string | null;
  processingType: string | null;
  framework: string | null;
  actor: string;
}

/** A new task: intake row, task row, parameter map and history in one statement. */
export const insertTask = statement<NewTaskParams, { jeditaskid: number }>(
  'taskIntake.insert',
  `with intake as (
     insert into doma_deft.t_task (parent_tid, status, submit_time, vo, prodsourcelabel, taskname, username, priority, current_priority,
       jedi_task_parameters)
     values ($parent::bigint, $mirror::text, panda_ops.utc_now(), $vo::text, $label::text, $taskName::text, $userName::text, $priority::int,
       $currentPriority::int, $parameters::text)
     returning taskid),
   task as (
     insert into doma_panda.jedi_tasks (jeditaskid, taskname, status, superstatus, username, creationdate, modificationtime,
       statechangetime, reqid, prodsourcelabel, workinggroup, countrygroup, vo, tasktype, processingtype, taskpriority, currentpriority,
       parent_tid, attemptnr, framework)
     select taskid, $taskName::text, $status::text, $mirror::text, $userName::text, panda_ops.utc_now(), panda_ops.utc_now(), panda_ops.utc_now(),
       coalesce($reqId::int, case when taskid <= 2147483647 then taskid::int end), $label::text, $workingGroup::text, $countryGroup::text,
       $vo::text, $taskType::text, $processingType::text, $priority::int, $currentPriority::int, coalesce($parent::bigint, taskid), 0,
       $framework::text
     from intake),
   parameters as (
     insert into doma_panda.jedi_taskparams (jeditaskid, taskparams) select taskid, $parameters::text from intake),
   logged as (
     insert into doma_panda.tasks_statuslog (jeditaskid, modificationtime, status, modificationhost, attemptnr)
     select taskid, panda_ops.utc_now(), $status::text, $actor::text, 0 from intake)
   select taskid as jeditaskid from intake`,
);

export interface CommandParams {
  jeditaskid: number;
  command: string;
  comment: string | null;
  parameters: string | null;
}

/** A command for the commando; a newer one replaces what still waits (reliability T6). The trigger of the table wakes the commando. */
export const putTaskCommand = statement<CommandParams, object>(
  'taskIntake.putCommand',
  `with replaced as (delete from doma_deft.prodsys_comm where comm_task = $jeditaskid::bigint)
   insert into doma_deft.prodsys_comm (comm_task, comm_owner, comm_cmd, comm_ts, comm_comment, comm_parameters)
   values ($jeditaskid::bigint, 'DEFT', $command::text, extract(epoch from panda_ops.utc_now())::bigint, left($comment::text, 128),
     $parameters::text)`,
);

/** Locks the row, so that a command is judged on the state it will meet. */
export const lockTask = statement<{ jeditaskid: number }, { status: string; tasktype: string | null; username: string }>(
  'taskIntake.lockTask',
  'select status, tasktype, username from doma_panda.jedi_tasks where jeditaskid = $jeditaskid::bigint for update',
);

export const readTaskParameters = statement<{ jeditaskid: number }, { taskparams: string | null }>(
  'taskIntake.readParameters',
  `select coalesce(p.taskparams, d.jedi_task_parameters) as taskparams
   from (select $jeditaskid::bigint as id) w
   left join doma_panda.jedi_taskparams p on p.jeditaskid = w.id
   left join doma_deft.t_task d on d.taskid = w.id
   where p.jeditaskid is not null or d.taskid is not null`,
);

export const writeTaskParameters = statement<{ jeditaskid: number; parameters: string }, object>(
  'taskIntake.writeParameters',
  `with intake as (update doma_deft.t_task set jedi_task_parameters = $parameters::text where taskid = $jeditaskid::bigint)
   insert into doma_panda.jedi_taskparams (jeditaskid, taskparams) values ($jeditaskid::bigint, $parameters::text)
   on conflict (jeditaskid) do update set taskparams = excluded.taskparams`,
);

export const ownerOfTask = statement<{ jeditaskid: number }, { username: string; workinggroup: string | null }>(
  'taskIntake.owner',
  `select coalesce(t.username, d.username) as username, t.workinggroup
   from (select $jeditaskid::bigint as id) w
   left join doma_panda.jedi_tasks t on t.jeditaskid = w.id
   left join doma_deft.t_task d on d.taskid = w.id
   where t.jeditaskid is not null or d.taskid is not null`,
);

export const changeTaskPriority = statement<
  { jeditaskid: number; priority: number; waiting: string[]; ended: string[] },
  { rows: number }
>(
  'taskIntake.changePriority',
  `with task as (
     update doma_panda.jedi_tasks set currentpriority = $priority::int, modificationtime = panda_ops.utc_now()
     where jeditaskid = $jeditaskid::bigint and status <> all($ended::text[]) returning jeditaskid),
   intake as (update doma_deft.t_task d set current_priority = $priority::int from task where d.taskid = task.jeditaskid),
   jobs as (
     update doma_panda.jobs_live j set currentpriority = $priority::int from task
     where j.jeditaskid = task.jeditaskid and j.jobstatus = any($waiting::text[]))
   select count(*)::int as rows from task`,
);

/** The attributes an operator may change, each in its own column. */
export const changeTaskAttribute = statement<
  { jeditaskid: number; attribute: string; value: number; ended: string[] },
  { rows: number }
>(
  'taskIntake.changeAttribute',
  `with task as (
     update doma_panda.jedi_tasks set
       ramcount = case when $attribute::text = 'ramCount' then $value::int else ramcount end,
       walltime = case when $attribute::text = 'wallTime' then $value::int else walltime end,
       cputime = case when $attribute::text = 'cpuTime' then $value::int else cputime end,
       corecount = case when $attribute::text = 'coreCount' then $value::int else corecount end,
       modificationtime = panda_ops.utc_now()
     where jeditaskid = $jeditaskid::bigint and status <> all($ended::text[]) returning 1)
   select count(*)::int as rows from task`,
);

export const lockSplitRule = statement<{ jeditaskid: number; ended: string[] }, { splitrule: string | null }>(
  'taskIntake.lockSplitRule',
  `select splitrule from doma_panda.jedi_tasks
   where jeditaskid = $jeditaskid::bigint and status <> all($ended::text[]) for update`,
);

export const writeSplitRule = statement<{ jeditaskid: number; splitRule: string }, object>(
  'taskIntake.writeSplitRule',
  `update doma_panda.jedi_tasks set splitrule = $splitRule::text, modificationtime = panda_ops.utc_now()
   where jeditaskid = $jeditaskid::bigint`,
);

/**
 * Input files of a task get more attempts; those that had used theirs up become usable again and leave the failed count.
 * `onlyExhausted` leaves files alone that may still be tried. Source: panda-server:pandaserver/taskbuffer/OraDBProxy.py
 * `increaseAttemptNrPanda`@34d4b8f3.
 */
export const increaseFileAttempts = statement<
  { jeditaskid: number; increase: number; ready: string; datasetTypes: string[]; onlyExhausted: boolean },
  { increased: number; reactivated: number }
>(
  'taskIntake.increaseAttempts',
  `with candidates as (
     select c.datasetid, c.fileid,
       (c.attemptnr >= c.maxattempt or (c.maxfailure is not null and c.failedattempt >= c.maxfailure)) as exhausted
     from doma_panda.jedi_datasets d join doma_panda.jedi_dataset_contents c
       on c.jeditaskid = d.jeditaskid and c.datasetid = d.datasetid
     where d.jeditaskid = $jeditaskid::bigint and d.type = any($datasetTypes::text[]) and d.masterid is null
       and c.status = $ready::text and c.keeptrack = 1
     order by c.datasetid, c.fileid for update of c),
   files as (
     update doma_panda.jedi_dataset_contents c set maxattempt = greatest(c.maxattempt, c.attemptnr) + $increase::int,
       maxfailure = greatest(c.maxfailure, c.failedattempt) + $increase::int
     from candidates k
     where c.jeditaskid = $jeditaskid::bigint and c.datasetid = k.datasetid and c.fileid = k.fileid
       and (k.exhausted or not $onlyExhausted::boolean)
     returning c.datasetid, k.exhausted),
   counted as (select datasetid, count(*) filter (where exhausted) as n from files group by datasetid),
   datasets as (
     update doma_panda.jedi_datasets d set nfilesused = greatest(d.nfilesused - counted.n, 0),
       nfilesfailed = greatest(d.nfilesfailed - counted.n, 0)
     from counted where d.jeditaskid = $jeditaskid::bigint and d.datasetid = counted.datasetid and counted.n > 0)
   select count(*)::int as increased, count(*) filter (where exhausted)::int as reactivated from files`,
);

export const shiftTaskModification = statement<{ jeditaskid: number; hours: number; ended: string[] }, { rows: number }>(
  'taskIntake.shiftModification',
  `with task as (
     update doma_panda.jedi_tasks set modificationtime = panda_ops.utc_now() + make_interval(hours => $hours::int)
     where jeditaskid = $jeditaskid::bigint and status <> all($ended::text[]) returning 1)
   select count(*)::int as rows from task`,
);

/** Tasks that are not ended, and those of their jobs that are in one of the states. */
export const moveToShare = statement<
  { taskIds: number[]; share: string; ended: string[]; jobStatuses: string[] },
  { rows: number }
>(
  'taskIntake.moveToShare',
  `with tasks as (
     update doma_panda.jedi_tasks set gshare = $share::text, modificationtime = panda_ops.utc_now()
     where jeditaskid = any($taskIds::bigint[]) and status <> all($ended::text[]) returning jeditaskid),
   jobs as (
     update doma_panda.jobs_live j set gshare = $share::text from tasks
     where j.jeditaskid = tasks.jeditaskid and j.jobstatus = any($jobStatuses::text[]))
   select count(*)::int as rows from tasks`,
);

export const liveJobsOfTask = statement<{ jeditaskid: number; limit: number }, { pandaid: number }>(
  'taskIntake.liveJobs',
  `select pandaid from doma_panda.jobs_live where jeditaskid = $jeditaskid::bigint order by pandaid limit $limit::int`,
);
