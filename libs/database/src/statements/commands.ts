import { statement } from '../kernel/statement.js';

/** Commands of PRODSYS_COMM and what carrying them out reads and writes. Spec: JEDI › Task Commando. */

/** Commands nobody has taken, oldest first. */
export const waitingCommands = statement<
  { owner: string; words: string[]; ids: number[] | null; limit: number },
  { taskId: number; word: string }
>(
  'command.waiting',
  `select comm_task as "taskId", comm_cmd as word from doma_deft.prodsys_comm
   where  comm_owner = $owner and comm_cmd = any($words::text[]) and ($ids::bigint[] is null or comm_task = any($ids))
   order  by comm_ts nulls first, comm_task limit $limit`,
);

/** T6: takes one command off the list; no row = somebody else has it, or a newer command replaced it. */
export const takeCommand = statement<
  { taskId: number; owner: string; word: string; taken: string },
  { comment: string | null; parameters: string | null }
>(
  'command.take',
  `with picked as (
     select ctid from doma_deft.prodsys_comm
     where comm_task = $taskId and comm_owner = $owner and comm_cmd = $word for update skip locked)
   update doma_deft.prodsys_comm c set comm_cmd = $taken from picked p where c.ctid = p.ctid
   returning c.comm_comment as comment, c.comm_parameters as parameters`,
);

/** Says how a taken command ended, with the reason for a refusal. */
export const closeCommand = statement<
  { taskId: number; owner: string; taken: string; word: string; reason: string | null },
  never
>(
  'command.close',
  `update doma_deft.prodsys_comm set comm_cmd = $word, comm_comment = coalesce(left($reason::text, 128), comm_comment)
   where  comm_task = $taskId and comm_owner = $owner and comm_cmd = $taken`,
);

/** Parameters of a command that was taken before. */
export const takenParameters = statement<{ taskId: number; owner: string; taken: string }, { parameters: string | null }>(
  'command.takenParameters',
  'select comm_parameters as parameters from doma_deft.prodsys_comm where comm_task = $taskId and comm_owner = $owner and comm_cmd = $taken',
);

export interface CommandedTask {
  id: number;
  status: string;
  oldStatus: string | null;
  splitRule: string | null;
  comment: string | null;
  attemptNr: number;
  vo: string | null;
}

/** Locks a task, so that a command is judged on, and works from, the state it meets. */
export const lockCommanded = statement<{ id: number }, CommandedTask>(
  'command.lockTask',
  `select jeditaskid as id, status, oldstatus as "oldStatus", splitrule as "splitRule", errordialog as comment,
     coalesce(attemptnr, 0)::int as "attemptNr", vo
   from   doma_panda.jedi_tasks where jeditaskid = $id for update`,
);

/** Tasks in these states, announced or untouched for so long. */
export const commandedTasks = statement<
  { statuses: string[]; ids: number[] | null; idleS: number; limit: number },
  { id: number }
>(
  'command.tasks',
  `select jeditaskid as id from doma_panda.jedi_tasks
   where  status = any($statuses::text[])
   and    case when $ids::bigint[] is null then modificationtime < panda_ops.utc_now() - make_interval(secs => $idleS::int)
     else jeditaskid = any($ids) end
   order  by modificationtime, jeditaskid limit $limit`,
);

/** The task was looked at: its next turn in the sweep is a period away. */
export const touchTask = statement<{ id: number }, never>(
  'command.touchTask',
  'update doma_panda.jedi_tasks set modificationtime = panda_ops.utc_now() where jeditaskid = $id',
);

/** No further input is used: what has no outcome now gets none. */
export const closeInput = statement<{ id: number; types: string[] }, never>(
  'command.closeInput',
  `update doma_panda.jedi_datasets set nfilestobeused = coalesce(nfilesfinished, 0) + coalesce(nfilesfailed, 0),
     modificationtime = panda_ops.utc_now()
   where  jeditaskid = $id and masterid is null and type = any($types::text[])
   and    coalesce(nfilestobeused, 0) > coalesce(nfilesfinished, 0) + coalesce(nfilesfailed, 0)`,
);

/** The next finalisation opens the avalanche. */
export const askAvalanche = statement<{ id: number; unit: string }, never>(
  'command.askAvalanche',
  'update doma_panda.jedi_tasks set walltimeunit = $unit where jeditaskid = $id',
);

/** Binds a task to a place; an empty name leaves the choice to brokerage. */
export const bindTask = statement<{ id: number; target: string; name: string }, never>(
  'command.bind',
  `update doma_panda.jedi_tasks set
     cloud = case when $target = 'cloud' then nullif($name, '') else cloud end,
     site = case when $target = 'site' then nullif($name, '') else site end,
     nucleus = case when $target = 'nucleus' then nullif($name, '') else nucleus end
   where  jeditaskid = $id`,
);

/** A task that waits for a date does not any more. */
export const forgetDate = statement<{ id: number }, never>(
  'command.forgetDate',
  "delete from panda_ops.next_action where kind = 'task' and object_id = $id",
);

/** Live jobs that must still be told to end: those whose pilots have been told are left out unless `again`. */
export const jobsToEnd = statement<
  { taskId: number; statuses: string[] | null; told: string; again: boolean },
  { pandaId: number }
>(
  'command.jobsToEnd',
  `select pandaid as "pandaId" from doma_panda.jobs_live
   where  jeditaskid = $taskId and ($statuses::text[] is null or jobstatus = any($statuses))
   and    ($again::boolean or commandtopilot is distinct from $told)
   order  by pandaid`,
);

export const countLiveJobs = statement<{ taskId: number }, { jobs: number }>(
  'command.countLiveJobs',
  'select count(*)::int as jobs from doma_panda.jobs_live where jeditaskid = $taskId',
);
