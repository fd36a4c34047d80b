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
