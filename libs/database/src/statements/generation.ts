import { statement } from '../kernel/statement.js';

/** What making jobs reads and writes beside datasets and contents. Spec: JEDI › Job Generator. */

export interface TaskToGenerate {
  id: number;
  status: string;
  /** The whole row. */
  task: Record<string, unknown>;
  parameters: Record<string, unknown> | null;
  template: string | null;
  /** Queues that have jobs of the task now. */
  usedQueues: string[];
}

export const tasksToGenerate = statement<{ ids: number[]; claim: string }, TaskToGenerate>(
  'generation.look',
  `select t.jeditaskid as id, t.status, to_jsonb(t) as task, p.taskparams::jsonb as parameters, j.jobparamstemplate as template,
     coalesce((select array_agg(distinct u.computingsite) from doma_panda.jobs u
       where u.jeditaskid = t.jeditaskid and not u.is_final and u.computingsite is not null), '{}') as "usedQueues"
   from   doma_panda.jedi_tasks t
   left   join doma_panda.jedi_taskparams p on p.jeditaskid = t.jeditaskid
   left   join doma_panda.jedi_jobparams_template j on j.jeditaskid = t.jeditaskid
   where  t.jeditaskid = any($ids::bigint[]) and t.lockedby = $claim
   order  by t.currentpriority desc nulls last, t.jeditaskid`,
);

/**
 * Tasks with something to make jobs of, that wait for no date: in turn over the partitions (share and resource type), most urgent
 * first within one, so that neither a busy share nor tasks without input keep others away. Spec: JEDI › Job Generator.
 */
export const tasksInTurn = statement<
  { statuses: string[]; driving: string[]; unmerged: string[]; staleS: number; limit: number },
  { id: number }
>(
  'generation.tasksInTurn',
  `select id from (
     select t.jeditaskid as id, t.currentpriority as priority,
       row_number() over (partition by t.gshare, t.resource_type order by t.currentpriority desc nulls last, t.jeditaskid) as turn
     from   doma_panda.jedi_tasks t
     where  t.status = any($statuses::text[])
     and    (t.lockedby is null or t.lockedtime < panda_ops.utc_now() - make_interval(secs => $staleS::int))
     and    not exists (select from panda_ops.next_action n where n.kind = 'task' and n.object_id = t.jeditaskid and n.due_at > now())
     and    exists (
       select from doma_panda.jedi_datasets d where d.jeditaskid = t.jeditaskid and (
         (d.masterid is null and d.type = any($driving::text[]) and coalesce(d.nfilestobeused, 0) > coalesce(d.nfilesused, 0))
         or (d.type = any($unmerged::text[]) and exists (
           select from doma_panda.jedi_dataset_contents c where c.jeditaskid = d.jeditaskid and c.datasetid = d.datasetid and c.status = 'ready'))))) w
   order  by turn, priority desc nulls last, id limit $limit`,
);

/** Unmerged files that wait for a merge job, by dataset; only of producers that have ended their own part. */
export const filesToMerge = statement<{ taskId: number; types: string[] }, { datasetId: number; files: number }>(
  'generation.filesToMerge',
  `select d.datasetid as "datasetId", count(*) as files
   from   doma_panda.jedi_datasets d
   join   doma_panda.jedi_dataset_contents c on c.jeditaskid = d.jeditaskid and c.datasetid = d.datasetid
   where  d.jeditaskid = $taskId and d.type = any($types::text[]) and c.status = 'ready' and c.keeptrack = 1
   and    (c.maxattempt is null or c.attemptnr < c.maxattempt)
   group  by 1 order by 1`,
);

/** Whether jobs of the task still run that may leave more to merge. */
export const producersAlive = statement<{ taskId: number; merging: string; mergeType: string }, { alive: boolean }>(
  'generation.producersAlive',
  `select exists (select from doma_panda.jobs j where j.jeditaskid = $taskId and not j.is_final and j.jobstatus <> $merging
     and j.processingtype is distinct from $mergeType) as alive`,
);

/** The newest library of a task for a queue, and how far it is. */
export const libraryOf = statement<
  { taskId: number; site: string; days: number },
  {
    datasetId: number;
    datasetName: string;
    fileId: number;
    lfn: string;
    scope: string | null;
    status: string;
    guid: string | null;
    fsize: number | null;
    checksum: string | null;
  }
>(
  'generation.library',
  `select d.datasetid as "datasetId", d.datasetname as "datasetName", c.fileid as "fileId", c.lfn, c.scope, c.status, c.guid, c.fsize, c.checksum
   from   doma_panda.jedi_datasets d
   join   doma_panda.jedi_dataset_contents c on c.jeditaskid = d.jeditaskid and c.datasetid = d.datasetid and c.type = 'lib'
   where  d.jeditaskid = $taskId and d.type = 'lib' and d.site = $site and d.creationtime > panda_ops.utc_now() - make_interval(days => $days::int)
   order  by d.datasetid desc limit 1`,
);

export const insertLibrary = statement<{ taskId: number; name: string; site: string; vo: string }, { datasetId: number }>(
  'generation.insertLibrary',
  `insert into doma_panda.jedi_datasets (jeditaskid, datasetname, type, vo, site, status, nfiles, nfilestobeused, nfilesused, nfilesonhold,
     nfilesfinished, nfilesfailed, nevents, neventstobeused, neventsused)
   values ($taskId, $name, 'lib', $vo, $site, 'defined', 0, 0, 0, 0, 0, 0, 0, 0, 0)
   returning datasetid as "datasetId"`,
);

/** New seeds of a task's random-number stream, one for each job: they go up from 1 (the job adds the task's offset) and are never given twice. Picked, as all input of a job to be. */
export const takeSeeds = statement<{ taskId: number; datasetId: number; count: number }, { fileId: number; value: number }>(
  'generation.takeSeeds',
  `with locked as (
     select datasetid from doma_panda.jedi_datasets where jeditaskid = $taskId and datasetid = $datasetId for update),
   last as (
     select coalesce(max(c.firstevent), 0) as value from locked
     left join doma_panda.jedi_dataset_contents c on c.jeditaskid = $taskId and c.datasetid = $datasetId),
   made as (
     insert into doma_panda.jedi_dataset_contents (jeditaskid, datasetid, lfn, type, status, proc_status, fsize, firstevent, attemptnr, failedattempt)
     select $taskId, $datasetId, (l.value + n)::text, 'random_seed', 'picked', 'picked', 0, l.value + n, 0, 0
     from last l cross join generate_series(1, $count::int) n
     returning fileid, firstevent)
   select fileid as "fileId", firstevent as value from made order by 2`,
);

/** Last statement of a transaction under a claim: keeps a successor out until the commit, and says whether we still hold the task. */
export const heldTask = statement<{ id: number; claim: string }, { id: number }>(
  'generation.heldTask',
  `update doma_panda.jedi_tasks set lockedtime = panda_ops.utc_now() where jeditaskid = $id and lockedby = $claim returning jeditaskid as id`,
);

export interface OutputTemplateRow {
  datasetId: number;
  streamName: string;
  filenameTemplate: string;
  outType: string;
}

/** How the files of a task's output datasets are named. */
export const outputTemplates = statement<{ taskId: number }, OutputTemplateRow>(
  'generation.outputTemplates',
  `select datasetid as "datasetId", streamname as "streamName", filenametemplate as "filenameTemplate", coalesce(outtype, 'output') as "outType"
   from   doma_panda.jedi_output_template where jeditaskid = $taskId order by datasetid, outtempid`,
);
