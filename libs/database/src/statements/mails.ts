import { statement } from '../kernel/statement.js';

/** Ended tasks whose owners are still to be told, oldest first, with what the mail says. */
export const dueMails = statement<
  { kind: string; master: string[]; limit: number },
  {
    taskId: number;
    taskName: string;
    status: string;
    filesTotal: number;
    filesFinished: number;
    errorDialog: string | null;
    noEmail: boolean;
    address: string | null;
    waitedS: number;
    endedAt: number;
  }
>(
  'mail.due',
  `select t.jeditaskid as "taskId", t.taskname as "taskName", t.status, t.errordialog as "errorDialog",
     coalesce(p.taskparams::jsonb -> 'noEmail' = 'true'::jsonb, false) as "noEmail",
     (select u.email from doma_pandameta.users u where u.name = left(t.username, 60) and u.email <> '' order by u.lastmod desc limit 1) as address,
     coalesce((select sum(d.nfiles) from doma_panda.jedi_datasets d
       where d.jeditaskid = t.jeditaskid and d.masterid is null and d.type = any($master::text[])), 0)::int as "filesTotal",
     coalesce((select sum(d.nfilesfinished) from doma_panda.jedi_datasets d
       where d.jeditaskid = t.jeditaskid and d.masterid is null and d.type = any($master::text[])), 0)::int as "filesFinished",
     extract(epoch from panda_ops.utc_now() - t.endtime)::float8 as "waitedS", extract(epoch from t.endtime)::bigint as "endedAt"
   from   panda_ops.next_action n
   join   doma_panda.jedi_tasks t on t.jeditaskid = n.object_id
   left   join doma_panda.jedi_taskparams p on p.jeditaskid = t.jeditaskid
   where  n.kind = $kind and n.due_at <= now() order by n.due_at, n.object_id limit $limit`,
);

/** The address of a user who has told none so far; a known one stays, also one that refuses mail. */
export const rememberMailAddress = statement<{ userName: string; vo: string; email: string }, never>(
  'mail.rememberAddress',
  `with known as (
     update doma_pandameta.users set email = case when coalesce(email, '') = '' then $email::text else email end
     where name = left($userName::text, 60) returning id)
   insert into doma_pandameta.users (name, vo, email)
   select left($userName::text, 60), left($vo::text, 20), $email::text where not exists (select from known)`,
);
