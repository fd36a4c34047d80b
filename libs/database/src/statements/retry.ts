import { statement } from '../kernel/statement.js';

/** Input of a retried task becomes usable again. Spec: JEDI › Task Commando › retry. */

export interface ReopenParams {
  taskId: number;
  types: string[];
  /** States that end a file without success, and picks of a generator that lost the task. */
  ended: string[];
  staging: string[];
  increase: number;
}

/**
 * Unsuccessful input gets attempts again and leaves the counters it was in; answers every input dataset with what can be
 * used of it now. Only rows that really change count.
 */
export const reopenInput = statement<
  ReopenParams,
  { datasetId: number; isMaster: boolean; status: string; nFiles: number; nFilesFinished: number; usable: number }
>(
  'retry.reopenInput',
  `with locked as (
     select c.datasetid, c.fileid, c.status,
       c.status = 'ready' and c.maxattempt is not null
         and (coalesce(c.attemptnr, 0) >= c.maxattempt or (c.maxfailure is not null and coalesce(c.failedattempt, 0) >= c.maxfailure)) as exhausted
     from doma_panda.jedi_datasets d join doma_panda.jedi_dataset_contents c using (jeditaskid, datasetid)
     where d.jeditaskid = $taskId and d.type = any($types::text[])
       and (c.status = any($ended::text[]) or c.status = any($staging::text[]) or c.status in ('ready', 'picked'))
     order by c.datasetid, c.fileid for update of c),
   reopened as (
     update doma_panda.jedi_dataset_contents c set status = 'ready', proc_status = 'ready',
       attemptnr = case when l.status = 'picked' then coalesce(c.attemptnr, 0) + 1 else c.attemptnr end,
       maxattempt = case when coalesce(c.attemptnr, 0) + (l.status = 'picked')::int >= c.maxattempt then greatest(c.maxattempt, c.attemptnr) + $increase::int
         else c.maxattempt end,
       maxfailure = case when coalesce(c.failedattempt, 0) >= c.maxfailure then greatest(c.maxfailure, c.failedattempt) + $increase::int
         else c.maxfailure end
     from locked l
     where c.jeditaskid = $taskId and c.datasetid = l.datasetid and c.fileid = l.fileid and (l.status <> 'ready' or l.exhausted)
     returning c.datasetid, l.status, l.exhausted),
   counted as (
     select datasetid, count(*) filter (where exhausted or status in ('failed', 'cancelled')) as failed, count(*) filter (where status = 'picked') as picked
     from reopened group by datasetid),
   usable as (
     select l.datasetid, count(*) as n from locked l group by l.datasetid),
   ordered as (
     select d.datasetid, coalesce(k.failed, 0) as failed, coalesce(k.picked, 0) as picked, coalesce(u.n, 0) as usable
     from doma_panda.jedi_datasets d left join counted k using (datasetid) left join usable u using (datasetid)
     where d.jeditaskid = $taskId and d.type = any($types::text[]) order by d.datasetid for update of d)
   update doma_panda.jedi_datasets d set nfilesfailed = greatest(coalesce(d.nfilesfailed, 0) - o.failed, 0),
     nfilesused = greatest(coalesce(d.nfilesused, 0) - o.failed - o.picked, 0), modificationtime = panda_ops.utc_now()
   from ordered o where d.jeditaskid = $taskId and d.datasetid = o.datasetid
   returning d.datasetid as "datasetId", d.masterid is null as "isMaster", d.status, coalesce(d.nfiles, 0) as "nFiles",
     coalesce(d.nfilesfinished, 0) as "nFilesFinished", o.usable`,
);

/** The task begins its next attempt; the old one is closed. */
export const beginAttempt = statement<{ id: number; startStatus: string; endStatus: string | null }, { attemptNr: number }>(
  'retry.beginAttempt',
  `with next as (
     update doma_panda.jedi_tasks set attemptnr = coalesce(attemptnr, 0) + 1 where jeditaskid = $id returning attemptnr),
   closed as (
     update doma_panda.task_attempts set endtime = panda_ops.utc_now(), endstatus = $endStatus
     where jeditaskid = $id and endtime is null),
   begun as (
     insert into doma_panda.task_attempts (jeditaskid, attemptnr, starttime, startstatus)
     select $id, attemptnr, panda_ops.utc_now(), $startStatus from next on conflict do nothing)
   select attemptnr::int as "attemptNr" from next`,
);

/** Output datasets of a task. */
export const outputDatasetsOf = statement<{ taskId: number; types: string[] }, { datasetId: number }>(
  'retry.outputDatasets',
  'select datasetid as "datasetId" from doma_panda.jedi_datasets where jeditaskid = $taskId and type = any($types::text[]) order by datasetid',
);

/** Children of a task, and whether they already know its output as their input. */
export const childrenOnOutput = statement<
  { taskId: number; inputs: string[]; outputs: string[] },
  { id: number; status: string; readsOutput: boolean }
>(
  'retry.children',
  `select t.jeditaskid as id, t.status, exists (
     select from doma_panda.jedi_datasets i join doma_panda.jedi_datasets o
       on o.jeditaskid = $taskId and o.type = any($outputs::text[])
         and (o.datasetname in (i.datasetname, i.containername) or o.containername in (i.datasetname, i.containername))
     where i.jeditaskid = t.jeditaskid and i.type = any($inputs::text[])) as "readsOutput"
   from   doma_panda.jedi_tasks t where t.parent_tid = $taskId and t.jeditaskid <> $taskId order by t.jeditaskid`,
);
