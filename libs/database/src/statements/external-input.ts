import { statement } from '../kernel/statement.js';

/** Input of tasks as outside systems name it. */

interface Named {
  taskId: number;
  scopes: (string | null)[];
  names: string[];
}

/** Content rows of files: by scope and name, or by the end of the name where the row has no scope (pseudo input). */
export const filesByName = statement<Named & { types: string[] }, { datasetId: number; fileId: number }>(
  'externalInput.filesByName',
  `select distinct c.datasetid as "datasetId", c.fileid as "fileId"
   from unnest($scopes::text[], $names::text[]) as n(scope, name)
   join doma_panda.jedi_datasets d on d.jeditaskid = $taskId::bigint and d.type = any($types::text[])
   join doma_panda.jedi_dataset_contents c on c.jeditaskid = d.jeditaskid and c.datasetid = d.datasetid
     and case when c.scope is null then right(c.lfn, length(n.name)) = n.name else c.lfn = n.name and c.scope = coalesce(n.scope, c.scope) end
   order by 1, 2`,
);

/** Content rows of whole datasets, named with or without their scope. */
export const filesOfCollections = statement<Named & { types: string[] }, { datasetId: number; fileId: number }>(
  'externalInput.filesOfCollections',
  `select distinct c.datasetid as "datasetId", c.fileid as "fileId"
   from unnest($scopes::text[], $names::text[]) as n(scope, name)
   join doma_panda.jedi_datasets d on d.jeditaskid = $taskId::bigint and d.type = any($types::text[])
     and d.datasetname in (n.name, n.scope || ':' || n.name)
   join doma_panda.jedi_dataset_contents c on c.jeditaskid = d.jeditaskid and c.datasetid = d.datasetid
   order by 1, 2`,
);

/** Where a task is, locked against others that would move it. */
export const lockedTaskStatus = statement<{ taskId: number }, { id: number; status: string }>(
  'externalInput.lockedTask',
  'select jeditaskid as id, status from doma_panda.jedi_tasks where jeditaskid = $taskId::bigint for update',
);

/**
 * Points of a hyperparameter search, each one event of the pseudo dataset of its model; a point that is there already stays as it is.
 * Models number their points on their own: a number that another model has taken stays the point's, and the event gets a free number of
 * the task beyond all points. Under the lock of the task's row.
 */
export const insertPoints = statement<
  { taskId: number; points: number[]; models: (string | null)[]; types: string[]; maxAttempt: number; ready: number },
  { point: number }
>(
  'externalInput.insertPoints',
  `with wanted as (
     select distinct p.point, d.datasetid
     from unnest($points::bigint[], $models::text[]) as p(point, model)
     cross join lateral (
       select datasetid from doma_panda.jedi_datasets
       where jeditaskid = $taskId::bigint and type = any($types::text[])
         and (p.model is null or containername like '%/' || p.model or datasetname like '%/' || p.model)
       order by datasetid limit 1) d
     where not exists (select from doma_panda.jedi_events e
       where e.jeditaskid = $taskId::bigint and e.datasetid = d.datasetid and e.def_min_eventid = p.point)),
   known as (
     select job_processid as number from doma_panda.jedi_events where jeditaskid = $taskId::bigint and pandaid = 0 and fileid = 0),
   judged as (
     select w.*, row_number() over (partition by point order by datasetid) > 1 or exists (select from known where number = w.point) as taken
     from wanted w),
   numbered as (
     select point, datasetid, case when taken
       then greatest((select max(number) from known), (select max(point) from wanted)) + row_number() over (partition by taken order by point, datasetid)
       else point end as number
     from judged)
   insert into doma_panda.jedi_events (jeditaskid, pandaid, fileid, job_processid, datasetid, status, def_min_eventid, def_max_eventid,
     processed_upto_eventid, attemptnr)
   select $taskId::bigint, 0, 0, number, datasetid, $ready::smallint, point, point, 0, $maxAttempt::smallint
   from numbered order by number returning def_min_eventid as point`,
);

/** Jobs that wait for the dispatch dataset. */
export const jobsOfDispatchBlock = statement<{ names: string[] }, { pandaId: number }>(
  'externalInput.jobsOfDispatchBlock',
  `select distinct f.pandaid as "pandaId" from doma_panda.job_files f join doma_panda.jobs_live j using (pandaid)
   where f.dispatchdblock = any($names::text[]) order by 1`,
);
