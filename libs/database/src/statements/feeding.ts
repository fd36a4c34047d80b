import { statement } from '../kernel/statement.js';

/** What filling a task's datasets reads. Spec: JEDI › Contents Feeder. */

export interface TaskToFeed {
  id: number;
  status: string;
  /** The whole row. */
  task: Record<string, unknown>;
  parameters: Record<string, unknown> | null;
  parentStatus: string | null;
}

export const tasksToFill = statement<{ ids: number[]; claim: string }, TaskToFeed>(
  'feeding.look',
  `select t.jeditaskid as id, t.status, to_jsonb(t) as task, p.taskparams::jsonb as parameters, parent.status as "parentStatus"
   from   doma_panda.jedi_tasks t
   left   join doma_panda.jedi_taskparams p on p.jeditaskid = t.jeditaskid
   left   join doma_panda.jedi_tasks parent on parent.jeditaskid = t.parent_tid and parent.jeditaskid <> t.jeditaskid
   where  t.jeditaskid = any($ids::bigint[]) and t.lockedby = $claim
   order  by t.jeditaskid`,
);

/**
 * Tasks with datasets to fill, most urgent first: those that wait for it, and those with jobs whose input has changed. Announced ones
 * (`ids`) at once; else a dataset that brought nothing is looked at again after `recheckS`.
 */
export const tasksToFeed = statement<
  {
    ids: number[] | null;
    waiting: string[];
    live: string[];
    changed: string;
    types: string[];
    recheckS: number;
    limit: number;
  },
  { id: number }
>(
  'feeding.find',
  `select t.jeditaskid as id from doma_panda.jedi_tasks t
   where  ($ids::bigint[] is null or t.jeditaskid = any($ids))
   and    (t.status = any($waiting::text[]) or (t.status = any($live::text[]) and exists (
     select from doma_panda.jedi_datasets d
     where  d.jeditaskid = t.jeditaskid and d.status = $changed and d.type = any($types::text[])
     and    ($ids::bigint[] is not null or d.statechecktime is null
       or d.statechecktime < panda_ops.utc_now() - make_interval(secs => $recheckS::int)))))
   order  by t.currentpriority desc nulls last, t.jeditaskid limit $limit`,
);

/** Names that the parent task's outputs of these datasets have finished. */
export const finishedByParent = statement<
  { parentId: number; names: string[]; types: string[]; finished: string },
  { lfn: string }
>(
  'feeding.finishedByParent',
  `select distinct c.lfn
   from   doma_panda.jedi_datasets d
   join   doma_panda.jedi_dataset_contents c on c.jeditaskid = d.jeditaskid and c.datasetid = d.datasetid
   where  d.jeditaskid = $parentId and d.type = any($types::text[]) and (d.datasetname = any($names::text[]) or d.containername = any($names::text[]))
   and    c.status = $finished`,
);

/** Records of a dataset that other tasks have processed (skipFilesUsedBy). */
export const usedByTasks = statement<
  { taskIds: number[]; name: string; types: string[]; finished: string },
  { lfn: string; startEvent: number | null; endEvent: number | null }
>(
  'feeding.usedByTasks',
  `select distinct c.lfn, c.startevent as "startEvent", c.endevent as "endEvent"
   from   doma_panda.jedi_datasets d
   join   doma_panda.jedi_dataset_contents c on c.jeditaskid = d.jeditaskid and c.datasetid = d.datasetid
   where  d.jeditaskid = any($taskIds::bigint[]) and d.datasetname = $name and d.type = any($types::text[]) and c.status = $finished`,
);
